"""Who may do what at which address. An address that is not listed here fails the test.

A rule says for each method which permission codes it needs; whoever lacks one gets 403, whoever cannot see the
target 404, and nothing has changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from every_url.cast import Stage
from every_url.targets import Sees, deletes_comment, name, put_up, scans, undoes, wrote
from guanxi.kernel.ids import new_id
from guanxi.resource import acting
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, MemberLink
from guanxi.resource.registry import every
from guanxi.screens import pasting
from guanxi.testing.worlds import in_scope

DONE = frozenset((200, 201, 204, 302))
Given = Callable[[Stage, dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A method: the codes it needs, sample data that works, what it answers where it may be done."""

    codes: tuple[str, ...] = ()
    data: Given | Mapping[str, Any] | bytes | None = None  # bytes: a file
    answers: frozenset[int] = DONE
    watched: bool = False  # whether it works through borrowed eyes although it is no reading
    refused: int = 403  # what lacking the codes is answered with
    may: Sees | None = None  # what beside codes decides whether it may be done

    def body(self, stage: Stage, arguments: dict[str, Any]) -> Any:
        """The data to send."""
        return self.data(stage, arguments) if callable(self.data) else self.data


@dataclass(frozen=True, slots=True)
class Rule:
    """An address. `public` ones ask nobody who he is; `target` names what the arguments mean."""

    calls: Mapping[str, Call] = field(default_factory=dict)
    target: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False
    query: str = ""


def get(*codes: str, **more: Any) -> dict[str, Call]:
    return {"GET": Call(codes, **more)}


def post(*codes: str, **more: Any) -> dict[str, Call]:
    return {"POST": Call(codes, **more)}


def public(*methods: str, answers: tuple[int, ...] = (200,), **more: Any) -> Rule:
    """Open to everybody; says nothing of anybody."""
    calls = {method: Call(answers=frozenset((*answers, 302, 422, 429))) for method in methods or ("GET",)}
    return Rule(calls, public=True, **more)


# A page that asks for the password again first, or has its form refused, has still been reached.
REACHED = frozenset((200, 302, 422))
# Nobody of the cast has a password or a second step: there is nothing to confirm with or to show.
LACKING = frozenset((302, 403, 404))
NOT_THERE = frozenset((404,))
NOBODY = "00000000-0000-7000-8000-000000000000"
TOKENS = "integrations.token.manage"
COMPANY, MAIL = "settings.company.manage", "settings.mail.manage"
MANAGE, SEE, ROLES = "accounts.member.manage", "accounts.member.view", "permissions.role.manage"
LOG = "ledger.operation.view"
VIEW_SAVE, VIEW_SHARE, VIEW_MANAGE = "tailoring.view.create", "tailoring.view.share", "tailoring.view.manage"
SEE_CUSTOMERS, OF_CUSTOMERS = "customers.customer.view", {"resource": "customers"}
FIELDS = "tailoring.field.manage"
PRIVACY, SEE_PEOPLE = "customers.person.privacy", "customers.person.view"
ERASE = "ledger.operation.erase"
SEE_ACTIVITIES, EDIT_ACTIVITIES = "activities.activity.view", "activities.activity.edit"
LOG_ACTIVITIES = "activities.activity.create"
EDIT_CUSTOMERS = "customers.customer.edit"
REGISTRY, ASKS = "settings.registry.manage", "integrations.registry.use"
PASTES = ("customers.customer.create", "customers.person.create")
COMMENT, TAG, TAGS = "collaboration.comment.add", "collaboration.tag.use", "collaboration.tag.manage"


def _edit(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name(), "version": "1"}


def _fresh_name(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name()}


def _application(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name(), "member": str(stage.world.seller.member_id), "area.customers": "read"}


def _of_a_customer(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    """The record stands in the query: here one that nobody has."""
    return {"resource": "customers", "record": str(new_id())}


def _said_nowhere(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return _of_a_customer(stage, arguments) | {"text": "x"}


def _into(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"into": str(put_up(stage, "api_tag")["id"])}


def _field_new(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "text", "label_zh": name()}


def _api_field_new(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return _field_new(stage, arguments) | {"resource": "customers"}


def _view_named(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"resource": "customers", "name": name(), "query": "grade=A"}


TABLE: dict[str, Rule] = {
    # For machines
    "health": public(),
    "ready": public(answers=(200, 503)),
    "metrics": public(answers=(404,)),
    # Before signing in
    "first_visit": public("GET", "POST", answers=(404,)),
    "account_login": public("GET", "POST"),
    "mfa_authenticate": public("GET", "POST"),
    "mfa_login_webauthn": public("GET", "POST", answers=(200, 400)),
    "account_logout": public("GET", "POST"),
    "account_inactive": public(),
    "account_reset_password": public("GET", "POST"),
    "account_reset_password_done": public(),
    "account_reset_password_from_key_done": public(),
    "account_reset_password_from_key": public("GET", "POST", arguments={"uidb36": "1", "key": "a-b"}),
    "language": public("POST"),
    # One's own account
    "account": Rule(get()),
    "mfa_index": Rule(get()),
    "mfa_list_webauthn": Rule(get()),
    "account_profile": Rule(post(answers=REACHED)),
    "theme": Rule(post(data={"theme": "dark"})),
    "account_change_password": Rule(get() | post(answers=REACHED)),
    "account_set_password": Rule(get() | post(answers=REACHED)),
    "account_reauthenticate": Rule(get(answers=LACKING) | post(answers=LACKING)),
    "mfa_reauthenticate": Rule(get(answers=LACKING) | post(answers=LACKING)),
    "mfa_reauthenticate_webauthn": Rule(get(answers=LACKING) | post(answers=LACKING)),
    "mfa_activate_totp": Rule(get() | post(answers=REACHED)),
    "mfa_deactivate_totp": Rule(get(answers=LACKING) | post(answers=LACKING)),
    "mfa_view_recovery_codes": Rule(get(answers=LACKING)),
    "mfa_generate_recovery_codes": Rule(get() | post(answers=REACHED)),
    "mfa_download_recovery_codes": Rule(get(answers=LACKING)),
    "mfa_add_webauthn": Rule(get() | post(answers=REACHED)),
    "mfa_edit_webauthn": Rule(get() | post(), target="no_key"),
    "mfa_remove_webauthn": Rule(get() | post(), target="no_key"),
    "sessions_end_others": Rule(post()),
    "session_end": Rule(post(), target="no_session"),
    "held": Rule(get() | post()),
    "company": Rule(post(), target="company"),
    "see_as": Rule(post("accounts.member.see_as"), target="anybody"),
    "see_as_stop": Rule(post(watched=True)),
    "api_tokens": Rule(get()),
    "api_token_new": Rule(post("integrations.token.create", data={"name": "x", "days": "30"})),
    "api_token_calls": Rule(get(), target="token"),
    "api_token_revoke": Rule(post(), target="token"),
    "api_access": Rule(get(TOKENS)),
    "api_application_new": Rule(post(TOKENS, data=_application, answers=REACHED)),
    # Administration
    "settings": Rule(get()),
    "company_settings": Rule(
        get("settings.company.manage") | post("settings.company.manage", answers=REACHED)
    ),
    # Several companies share this installation, so none of them may change its mail server.
    "mail_settings": Rule(
        get("settings.company.manage") | post("settings.company.manage", answers=frozenset((409,)))
    ),
    "people": Rule(get(SEE)),
    "person_new": Rule(get(MANAGE) | post(MANAGE, data=_fresh_name)),
    "person": Rule(get(SEE) | post(MANAGE, data=_edit), target="member"),
    "person_roles": Rule(post(ROLES), target="member"),
    "person_sign_in": Rule(post(MANAGE, answers=REACHED), target="member"),
    "person_close": Rule(post(MANAGE), target="member"),
    "person_reopen": Rule(post(MANAGE), target="closed_member"),
    "department_new": Rule(post(MANAGE, data=_fresh_name)),
    "department": Rule(post(MANAGE, data=_edit), target="department"),
    "department_place": Rule(post(MANAGE), target="department"),
    "department_delete": Rule(post(MANAGE), target="department"),
    "roles": Rule(get(ROLES)),
    "role_new": Rule(get(ROLES) | post(ROLES, data=_fresh_name)),
    "role": Rule(get(ROLES) | post(ROLES, data={"version": "1"}), target="role"),
    "role_fields": Rule(get(ROLES) | post(ROLES, data={"version": "1"}), target="role"),
    "role_people": Rule(get(ROLES), target="role"),
    "role_edit": Rule(get(ROLES) | post(ROLES, data=_edit), target="role"),
    "role_copy": Rule(get(ROLES) | post(ROLES, data=_fresh_name), target="role"),
    "role_delete": Rule(post(ROLES), target="role"),
    "audit": Rule(get(LOG)),
    "operation": Rule(get(LOG), target="operation"),
    "recycle_bin": Rule(get(LOG)),
    "restore": Rule(post(LOG), target="deleted"),
    # Why somebody may not undo what he sees a colleague did is said in words: 409.
    "undo": Rule(post(may=undoes, refused=409), target="operation"),
    # The day's work
    "home": Rule(get() | post()),
    "search": Rule(get(data={"q": "有限"})),
    "jobs": Rule(get()),
    "jobs_running": Rule(get()),
    "jobs_admin": Rule(get("jobs.job.manage")),
    "job": Rule(get(), target="job"),
    "job_progress": Rule(get(), target="job"),
    "job_stop": Rule(post(), target="job"),
    "job_restart": Rule(post(), target="failed_job"),
    "notices": Rule(get()),
    "notices_latest": Rule(get()),
    "notices_read": Rule(post()),
    "notice_open": Rule(post(), target="notice"),
    # What is there twice. To decide of a pair is for who may change one of the two: others do not find it.
    "taken": Rule(get(PASTES[0]) | post(PASTES[0], data={"text": "第一机械"})),
    "taken_ask": Rule(post(data={"ask": "x"}, answers=NOT_THERE)),
    "api:duplicates_request": Rule(post(data={"ask": "x"}, answers=NOT_THERE)),
    "pairs": Rule(get("customers.customer.view")),
    "pairs_look": Rule(post("customers.customer.merge", data={"of": "customers"}, may=scans)),
    "pair": Rule(get(), target="pair"),
    "pair_answer": Rule(post(data={"answer": "different"}), target="pair"),
    "api:duplicates_check": Rule(post(PASTES[0], data={"text": "第一机械"})),
    "api:duplicates_list": Rule(get("customers.customer.view")),
    "api:duplicates_read": Rule(get(), target="pair"),
    "api:duplicates_answer": Rule(post(data={"answer": "different"}), target="pair"),
    "api:duplicates_ask": Rule(post(), target="pair"),
    "api:duplicates_look": Rule(
        post("customers.customer.merge", data={}, answers=frozenset((202,)), may=scans)
    ),
    "api:merges_list": Rule(
        post("customers.customer.merge", data={"ids": []}, answers=frozenset((409, 422)))
    ),
    # Relationships and the graph
    "ties": Rule(get(SEE_CUSTOMERS), target="customers", arguments={"key": "customers"}),
    "ties_around": Rule(get(SEE_CUSTOMERS), target="customers", arguments={"key": "customers"}),
    "tie_new": Rule(
        get(SEE_CUSTOMERS, "customers.customer.edit")
        | post(SEE_CUSTOMERS, "customers.customer.edit", data={"how": "competes:first"}, answers=REACHED),
        target="customers",
        arguments={"key": "customers"},
    ),
    "api:customers_ties": Rule(get(SEE_CUSTOMERS), target="customers"),
    "api:people_ties": Rule(get(SEE_CUSTOMERS), target="people"),
    "api:customers_completeness": Rule(get(SEE_CUSTOMERS), target="customers"),
    "api:people_completeness": Rule(get(SEE_PEOPLE), target="people"),
    # A pasted text
    "paste": Rule(get(*PASTES) | post(*PASTES, data={"pasted": "王建国 13800138000"})),
    "paste_beside": Rule(post(*PASTES, data={"c-name": "甲"})),
    "api:readings_list": Rule(post(PASTES[0], data={"text": "王建国 13800138000"})),
    # The company registry: here none is set up, and no question leaves the house.
    "registry_account": Rule(get(REGISTRY) | post(REGISTRY, data={"url": ""})),
    "registry_calls": Rule(get(REGISTRY)),
    "registry_retry": Rule(post(REGISTRY, answers=NOT_THERE), arguments={"call_id": NOBODY}),
    "customer_registry_new": Rule(
        post("customers.customer.create", ASKS, data={"asked": "甲"}, answers=frozenset((409,)))
    ),
    "customer_registry": Rule(
        get(SEE_CUSTOMERS, EDIT_CUSTOMERS, ASKS)
        | post(SEE_CUSTOMERS, EDIT_CUSTOMERS, ASKS, data={"asked": "甲"}, answers=frozenset((409,))),
        target="customers",
    ),
    "api:registry_settings_read": Rule({"GET": Call((REGISTRY,)), "PATCH": Call((REGISTRY,), {"url": ""})}),
    "api:registry_settings_test": Rule(post(REGISTRY, data={}, answers=frozenset((422,)))),
    "api:registry_search": Rule(post(ASKS, data={"name": "甲"}, answers=frozenset((409,)))),
    "api:registry_fetch": Rule(post(ASKS, data={"credit_code": "x"}, answers=frozenset((409,)))),
    "api:registry_calls": Rule(get(REGISTRY)),
    # Around a record
    "comments": Rule(
        get(SEE_CUSTOMERS) | post(SEE_CUSTOMERS, COMMENT, data={"text": "x"}),
        target="customers",
        arguments=OF_CUSTOMERS,
    ),
    "comment_people": Rule(get(SEE_CUSTOMERS), target="customers", arguments=OF_CUSTOMERS),
    # A comment is its author's to change, and the administrators' to delete.
    "comment": Rule(get() | post(COMMENT, data={"text": "y"}, may=wrote), target="comment"),
    "comment_delete": Rule(post(may=deletes_comment), target="comment"),
    "follow": Rule(
        post("collaboration.record.follow", data={"on": "1"}), target="customers", arguments=OF_CUSTOMERS
    ),
    "following": Rule(get()),
    "following_settings": Rule(post("collaboration.record.follow", data={"telling": "digest"})),
    "record_tags": Rule(get(TAG) | post(TAG), target="customers", arguments=OF_CUSTOMERS),
    "tag_options": Rule(get()),
    "tags": Rule(get(TAGS) | post(TAGS, data=_fresh_name)),
    "tag": Rule(get(TAGS) | post(TAGS, data=_edit), target="tag"),
    "tag_merge": Rule(post(TAGS), target="tag"),
    "tag_delete": Rule(post(TAGS), target="tag"),
    # What was done and what is to be done
    "brief": Rule(get(SEE_CUSTOMERS), target="customers", arguments=OF_CUSTOMERS),
    "timeline": Rule(
        get(SEE_CUSTOMERS, SEE_ACTIVITIES) | post(SEE_CUSTOMERS, LOG_ACTIVITIES, data={"text": "x"}),
        target="customers",
        arguments=OF_CUSTOMERS,
    ),
    "timeline_people": Rule(get(SEE_CUSTOMERS, SEE_ACTIVITIES), target="customers", arguments=OF_CUSTOMERS),
    "today": Rule(get(SEE_ACTIVITIES)),
    "calendar": Rule(get(SEE_ACTIVITIES)),
    "calendar_feed": Rule(get() | post()),
    "calendar_feed_end": Rule(post()),
    "calendar_file": public(answers=(404,)),
    "api:timeline_list": Rule(
        get(SEE_ACTIVITIES, answers=frozenset((422,)))
        | post(LOG_ACTIVITIES, data={"kind": "note", "text": "x"})
    ),
    "api:timeline_complete": Rule(post(EDIT_ACTIVITIES, data={}), target="api_planned"),
    "api:timeline_postpone": Rule(post(EDIT_ACTIVITIES, data={"days": 1}), target="api_planned"),
    "api:timeline_participants": Rule(post(EDIT_ACTIVITIES, data={}), target="api_planned"),
    "activity_tick": Rule(get(EDIT_ACTIVITIES) | post(EDIT_ACTIVITIES), target="planned"),
    "activity_postpone": Rule(post(EDIT_ACTIVITIES, data={"days": "1"}), target="planned"),
    # A person's data as a whole
    "personal_data": Rule(
        get(PRIVACY, SEE_PEOPLE) | post(PRIVACY, SEE_PEOPLE, data={"act": "show", "ground": "request"}),
        target="people",
    ),
    "api:personal-data_answer": Rule(post(PRIVACY, SEE_PEOPLE, data={"ground": "request"}), target="people"),
    "api:personal-data_erase": Rule(
        post(
            PRIVACY,
            SEE_PEOPLE,
            "ledger.operation.erase",
            data={"ground": "request", "confirm": "x"},
            answers=REACHED,
        ),
        target="people",
    ),
    "reveal": Rule(post(SEE_PEOPLE), target="people", arguments={"resource": "people", "field": "phone"}),
    "data_security": Rule(
        get(COMPANY) | post(COMPANY, data={"veiled": "0", "a_day": "100", "alert_at": "50"})
    ),
    "api:personal-data_reveal": Rule(
        post(SEE_PEOPLE, data={"resource": "people", "field": "phone"}), target="people"
    ),
    # Fields of one's own
    "own_fields": Rule(get(FIELDS)),
    "own_fields_of": Rule(get(FIELDS), arguments={"key": "customers"}),
    "own_field_new": Rule(get(FIELDS) | post(FIELDS, data=_field_new), arguments={"key": "customers"}),
    "own_field_preview": Rule(post(FIELDS, data=_field_new), arguments={"key": "customers"}),
    "own_field_order": Rule(post(FIELDS), arguments={"key": "customers"}),
    "own_layout": Rule(get(FIELDS) | post(FIELDS, answers=REACHED), arguments={"key": "customers"}),
    "own_layout_reset": Rule(post(FIELDS), arguments={"key": "customers"}),
    "own_field": Rule(get(FIELDS) | post(FIELDS, data=_field_new), target="own_field"),
    "own_field_state": Rule(post(FIELDS, data={"state": "hidden"}), target="own_field"),
    "own_field_delete": Rule(post(FIELDS), target="own_field"),
    "api:own_fields_list": Rule(get(FIELDS) | post(FIELDS, data=_api_field_new)),
    "api:own_fields_read": Rule(
        {"GET": Call((FIELDS,)), "PATCH": Call((FIELDS,), {"help": "x"}), "DELETE": Call((FIELDS,))},
        target="api_own_field",
    ),
    "api:own_fields_uses": Rule(get(FIELDS), target="api_own_field"),
    "api:own_fields_state": Rule(post(FIELDS, data={"state": "hidden"}), target="api_own_field"),
    "api:own_field_order_list": Rule(post(FIELDS, data={"resource": "customers", "order": []})),
    "api:layouts_list": Rule(get(FIELDS) | post(FIELDS, data={"resource": "customers"})),
    "api:layouts_read": Rule({"DELETE": Call((FIELDS,))}, target="api_layout"),
    # Saved views
    "views": Rule(get(SEE_CUSTOMERS) | post(SEE_CUSTOMERS), arguments={"key": "customers"}),
    "view_new": Rule(get(VIEW_SAVE, data={"resource": "customers"}) | post(VIEW_SAVE, data=_view_named)),
    "view_people": Rule(get(VIEW_SHARE)),
    "view": Rule(get() | post(VIEW_SAVE, data=_fresh_name), target="view"),
    "view_save": Rule(post(VIEW_SAVE), target="view"),
    "view_delete": Rule(post(VIEW_SAVE), target="view"),
    "view_take": Rule(post(VIEW_MANAGE), target="shared_view"),
    "api:views_list": Rule(get() | post(VIEW_SAVE, data=_view_named)),
    "api:views_read": Rule(
        {"GET": Call(), "PATCH": Call((VIEW_SAVE,), _fresh_name), "DELETE": Call((VIEW_SAVE,))},
        target="api_view",
    ),
    # Somebody else's view is changed by whoever manages views alone.
    "api:views_share": Rule(post(VIEW_SHARE, VIEW_MANAGE, data={"everyone": True}), target="api_shared_view"),
    "api:views_take": Rule(post(VIEW_MANAGE), target="api_shared_view"),
    "api:views_start": Rule(post(VIEW_MANAGE, data={"roles": []}), target="api_shared_view"),
    "api:view_choices_list": Rule(get() | post(VIEW_SAVE, data={"resource": "customers", "start": "all"})),
    # The API beside the resources
    "api_docs": Rule(get()),
    "api_document": public(),
    "api_unknown": public(
        "GET", "POST", "PATCH", "DELETE", "PUT", answers=(404,), arguments={"rest": "nothing"}
    ),
    "api:me": Rule(get()),
    "api:company_read": Rule({"GET": Call((COMPANY,)), "PATCH": Call((COMPANY,), _fresh_name)}),
    # As on its page: shared by several companies, the mail server is none of theirs to change or to try.
    "api:mail_settings_read": Rule(
        {"GET": Call((MAIL,)), "PATCH": Call((MAIL,), {"port": 25}, frozenset((409,)))}
    ),
    "api:mail_settings_test": Rule(post(MAIL, data={}, answers=frozenset((409,)))),
    "api:staff_list": Rule(get(SEE) | post(MANAGE, data=_fresh_name)),
    "api:staff_read": Rule(
        {"GET": Call((SEE,)), "PATCH": Call((SEE, MANAGE), _fresh_name)}, target="api_member"
    ),
    "api:staff_place": Rule(
        post(SEE, MANAGE, data={"department": None, "superior": None}), target="api_member"
    ),
    "api:staff_roles": Rule(post(SEE, ROLES, data={"roles": []}), target="api_member"),
    "api:staff_close": Rule(post(SEE, MANAGE), target="api_member"),
    "api:staff_reopen": Rule(post(SEE, MANAGE), target="api_closed_member"),
    "api:departments_list": Rule(get(SEE) | post(MANAGE, data=_fresh_name)),
    "api:departments_read": Rule(
        {"PATCH": Call((MANAGE,), _fresh_name), "DELETE": Call((MANAGE,))}, target="api_department"
    ),
    "api:departments_move": Rule(post(MANAGE, data={"parent": None}), target="api_department"),
    "api:departments_head": Rule(post(MANAGE, data={"head": None}), target="api_department"),
    "api:department_order_list": Rule(post(MANAGE, data={"departments": []})),
    "api:roles_list": Rule(get(ROLES) | post(ROLES, data=_fresh_name)),
    "api:roles_read": Rule(
        {"GET": Call((ROLES,)), "PATCH": Call((ROLES,), _fresh_name), "DELETE": Call((ROLES,))},
        target="api_role",
    ),
    "api:roles_copy": Rule(post(ROLES, data=_fresh_name), target="api_role"),
    "api:roles_grants": Rule(post(ROLES, data={"grants": {}}), target="api_role"),
    "api:roles_fields": Rule(post(ROLES, data={"fields": []}), target="api_role"),
    "api:comments_list": Rule(
        get(answers=frozenset((422,))) | post(COMMENT, data=_said_nowhere, answers=NOT_THERE)
    ),
    "api:comments_read": Rule(
        {
            "PATCH": Call((COMMENT,), {"text": "y"}, may=wrote),
            "DELETE": Call(may=deletes_comment),
        },
        target="api_comment",
    ),
    "api:tags_list": Rule(get() | post(TAG, data=_fresh_name)),
    "api:tags_read": Rule({"PATCH": Call((TAGS,), _fresh_name), "DELETE": Call((TAGS,))}, target="api_tag"),
    "api:tags_merge": Rule(post(TAGS, data=_into), target="api_tag"),
    "api:jobs_job": Rule(get(), target="api_job"),
    "api:jobs_job_stop": Rule(post(), target="api_job"),
    "api:jobs_job_restart": Rule(post(), target="api_failed_job"),
    "api:jobs": Rule(get()),
    "api:notices": Rule(get()),
    "api:notices_read": Rule(post()),
    "api:deleted": Rule(get(LOG)),
    "api:deleted_kinds": Rule(get(LOG)),
    "api:deleted_restore": Rule(post(LOG), target="api_deleted"),
    "api:members": Rule(get()),
    "api:search": Rule(get(data={"q": "有限"})),
    "api:operations": Rule(get(LOG)),
    "api:operations_operation": Rule(get(), target="api_operation"),
    "api:operations_undo": Rule(post(may=undoes), target="api_operation"),
}


def _table_of(resource: type[Resource]) -> bytes:
    return f"{resource.kind(resource.title).label}\n{name()}\n".encode()


def _link(resource: type[Resource]) -> str:
    """A field that refers to something."""
    return resource.owner or next(k.name for k in resource.fields().values() if isinstance(k, Link))


def of_resource(resource: type[Resource]) -> dict[str, Rule]:
    """The addresses every resource has, from its declaration; its key names its target."""
    view, create, edit, delete = (resource.permission(verb) for verb in ("view", "create", "edit", "delete"))
    field_name = resource.bulk_fields[0]
    target = resource.key

    def new(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
        return {resource.title: name(), **resource.defaults}

    def changed(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
        with in_scope(stage.world.system):
            version = resource.model._default_manager.values_list("version", flat=True).get(
                pk=arguments["id"]
            )
        return {resource.title: name(), "version": str(version)}

    def changed_title(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
        return {resource.title: name()}

    def many_new(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"items": [{resource.title: name()}]}

    # What must say more than its title, or refer to records, is refused in its form: it was reached.
    given = {resource.title, *resource.defaults}
    refers = any(kind.required and kind.name not in given for kind in resource.fields().values())
    made = DONE | {422} if refers else DONE
    back = frozenset((302,))  # a bulk act without its selection leads to the list

    pages = {
        "list": Rule(get(view)),
        "total": Rule(get(view)),
        "filter_fields": Rule(get(view)),
        "filter_editor": Rule(get(view), arguments={"field": resource.filters[0]}),
        "sort_editor": Rule(get(view)),
        "columns_editor": Rule(get(view)),
        "options": Rule(get(view), arguments={"field": _link(resource)}),
        "new": Rule(get(create) | post(create, data=new, answers=made)),
        "spot": Rule(get(create) | post(create, data=new, answers=made)),
        "pasted": Rule(post(create, data={"pasted": "x"})),
        "duplicates": Rule(get(create) | post(create)),
        "bulk_edit": Rule(get(view, answers=back) | post(edit, data={"field": field_name})),
        "bulk_delete": Rule(get(view, answers=back) | post(delete)),
        "card": Rule(get(view), target=target),
        "opened": Rule(post(view), target=target),
        "preview": Rule(get(view), target=target),
        "panel": Rule(get(view), target=target, arguments={"key": "files"}),
        "edit": Rule(get(edit) | post(edit, data=changed), target=target),
        "delete": Rule(get(delete) | post(delete), target=target),
        "history": Rule(get(view), target=target),
        "file_add": Rule(get(edit) | post(edit), target=target),
        "file": Rule(get(view), target=f"{target}:file"),
        "file_kind": Rule(post(edit, data={"kind": "contract"}), target=f"{target}:file"),
        "file_remove": Rule(post(edit), target=f"{target}:file"),
        "field": Rule(
            get(edit) | post(edit, data=changed), target=target, arguments={"field": resource.title}
        ),
        "field_value": Rule(get(view), target=target, arguments={"field": resource.title}),
    }
    api = {
        "list": Rule({"GET": Call((view,)), "POST": Call((create,), changed_title, made)}),
        "read": Rule(
            {"GET": Call((view,)), "PATCH": Call((edit,), changed_title), "DELETE": Call((delete,))},
            target=target,
        ),
        "history": Rule(get(view), target=target),
        "choices": Rule(get(view), arguments={"field": _link(resource)}),
        "fields": Rule(get(view)),
        "duplicates": Rule(post(create, data=changed_title)),
        "files": Rule(get(view) | post(edit, data=b"text"), target=target, query="?name=a.txt"),
        "file": Rule(
            {
                "GET": Call((view,)),
                "PATCH": Call((edit,), {"kind": "contract"}),
                "DELETE": Call((edit,)),
            },
            target=f"{target}:file",
        ),
        "export": Rule(get(resource.permission("export"))),
        "import": Rule(
            post(
                resource.permission("import"),
                data=_table_of(resource),
                answers=frozenset((202, 422) if refers else (202,)),
            ),
            query="?name=a.csv",
        ),
        "import_report": Rule(
            get(resource.permission("import"), answers=NOT_THERE),
            target=f"{target}:upload",
            arguments={"name": "rejected"},
        ),
        "delete_many": Rule({"POST": Call((delete,), {"items": [{"id": NOBODY}]}, frozenset((422,)))}),
        "bulk": Rule(
            {
                "POST": Call((create,), many_new, made),
                "PATCH": Call((edit,), {"items": []}, frozenset((422,))),
            }
        ),
    }
    if not pasting.offers(resource):
        del pages["pasted"]
    if resource.offers("merge"):
        merge = resource.permission("merge")
        # Nothing is chosen there, and nothing was merged: what is to be done cannot be, but it was reached.
        pages |= {
            "merge": Rule(get(merge) | post(merge, answers=frozenset((409,)))),
            "split": Rule(get(merge) | post(merge, answers=NOT_THERE), target=target),
        }
    found = {f"{resource.key}:{page}": rule for page, rule in pages.items()} | _acts(resource)
    found |= {f"api:{resource.key}_{operation}": rule for operation, rule in api.items()}
    found[f"{resource.key}_export:file"] = Rule(get(resource.permission("export")))
    bring = resource.permission("import")
    imports = {
        "start": Rule(get(bring) | post(bring, answers=REACHED)),
        "template": Rule(get(bring)),
        "match": Rule(get(bring), target=f"{target}:upload"),
        # Nothing was imported from this upload yet: there is no progress and no result.
        "progress": Rule(get(bring, answers=NOT_THERE), target=f"{target}:upload"),
        "result": Rule(get(bring, answers=NOT_THERE), target=f"{target}:upload"),
        "report": Rule(
            get(bring, answers=NOT_THERE),
            target=f"{target}:upload",
            arguments={"stage": "check", "name": "rejects"},
        ),
    }
    found |= {f"{resource.key}_import:{page}": rule for page, rule in imports.items()}
    return found


def _acts(resource: type[Resource]) -> dict[str, Rule]:
    """The addresses of actions: of pages with one of them for all, of the API every one."""
    key, asked = resource.key, {kind.name: "me" for action in resource.actions for kind in action.inputs}
    action = resource.actions[0] if resource.actions else acting.actions_of(resource)[-1]
    code, one = resource.permission(action.verb), {"key": action.key}
    found = {
        f"{key}:bulk_act": Rule(
            get(resource.permission("view"), answers=frozenset((302,)))
            | post(code, data={"save": "1", **asked}),
            arguments=one,
        ),
        f"{key}:act": Rule(get(code) | post(code, data={"save": "1", **asked}), target=key, arguments=one),
        f"{key}:act_options": Rule(
            get(code, answers=frozenset((200, 404))), arguments=one | {"field": _link(resource)}
        ),
    }
    for action in acting.actions_of(resource):
        code = resource.permission(action.verb)
        given = {kind.name: "me" for kind in action.inputs}
        # What an action asks for may be nothing that is there: then it has still been reached.
        answers = DONE if all(isinstance(kind, MemberLink) for kind in action.inputs) else DONE | {422}
        if action.key == acting.EDIT:
            given = {resource.bulk_fields[-2]: ""}
        if action.form == "set":
            body = {"ids": [NOBODY], "inputs": given}
            found[f"api:{key}_act_many_{action.key}"] = Rule(post(code, data=body, answers=answers))
        if action.key not in (acting.EDIT, acting.DELETE):
            found[f"api:{key}_act_{action.key}"] = Rule(
                post(code, data={"inputs": given}, answers=answers), target=key
            )
    return found


def listed() -> dict[str, Rule]:
    """The whole table: hand-written rules, and those of every resource."""
    return TABLE | {name: rule for resource in every() for name, rule in of_resource(resource).items()}
