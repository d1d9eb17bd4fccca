"""The API beside the resources."""

from every_url.rules import (
    COMMENT,
    COMPANY,
    LOG,
    MAIL,
    MANAGE,
    NOT_THERE,
    ROLES,
    SEE,
    TAG,
    TAGS,
    Call,
    Rule,
    fresh_name,
    get,
    into,
    post,
    public,
    said_nowhere,
)
from every_url.targets import deletes_comment, undoes, wrote

API: dict[str, Rule] = {
    # The API beside the resources
    "api_docs": Rule(get()),
    "api_document": public(),
    "api_unknown": public(
        "GET", "POST", "PATCH", "DELETE", "PUT", answers=(404,), arguments={"rest": "nothing"}
    ),
    "api:me": Rule(get()),
    "api:company_read": Rule({"GET": Call((COMPANY,)), "PATCH": Call((COMPANY,), fresh_name)}),
    "api:working-time_read": Rule({"GET": Call(), "PATCH": Call((COMPANY,), {"monday": "09:00-18:00"})}),
    "api:working-days_list": Rule(get() | post(COMPANY, data={"text": "2027-02-05"}), query="?year=2027"),
    "api:working-days_read": Rule({"DELETE": Call((COMPANY,))}, target="api_special_day"),
    "api:working-time_reached": Rule(get(), query="?since=2026-11-24T09:00:00Z&minutes=480"),
    # As on its page: shared by several companies, the mail server is none of theirs to change or to try.
    "api:mail_settings_read": Rule(
        {"GET": Call((MAIL,)), "PATCH": Call((MAIL,), {"port": 25}, frozenset((409,)))}
    ),
    "api:mail_settings_test": Rule(post(MAIL, data={}, answers=frozenset((409,)))),
    "api:staff_list": Rule(get(SEE) | post(MANAGE, data=fresh_name)),
    "api:staff_read": Rule(
        {"GET": Call((SEE,)), "PATCH": Call((SEE, MANAGE), fresh_name)}, target="api_member"
    ),
    "api:staff_place": Rule(
        post(SEE, MANAGE, data={"department": None, "superior": None}), target="api_member"
    ),
    "api:staff_roles": Rule(post(SEE, ROLES, data={"roles": []}), target="api_member"),
    "api:staff_close": Rule(post(SEE, MANAGE), target="api_member"),
    "api:staff_reopen": Rule(post(SEE, MANAGE), target="api_closed_member"),
    "api:departments_list": Rule(get(SEE) | post(MANAGE, data=fresh_name)),
    "api:departments_read": Rule(
        {"PATCH": Call((MANAGE,), fresh_name), "DELETE": Call((MANAGE,))}, target="api_department"
    ),
    "api:departments_move": Rule(post(MANAGE, data={"parent": None}), target="api_department"),
    "api:departments_head": Rule(post(MANAGE, data={"head": None}), target="api_department"),
    "api:department_order_list": Rule(post(MANAGE, data={"departments": []})),
    "api:roles_list": Rule(get(ROLES) | post(ROLES, data=fresh_name)),
    "api:roles_read": Rule(
        {"GET": Call((ROLES,)), "PATCH": Call((ROLES,), fresh_name), "DELETE": Call((ROLES,))},
        target="api_role",
    ),
    "api:roles_copy": Rule(post(ROLES, data=fresh_name), target="api_role"),
    "api:roles_grants": Rule(post(ROLES, data={"grants": {}}), target="api_role"),
    "api:roles_fields": Rule(post(ROLES, data={"fields": []}), target="api_role"),
    "api:comments_list": Rule(
        get(answers=frozenset((422,))) | post(COMMENT, data=said_nowhere, answers=NOT_THERE)
    ),
    "api:comments_read": Rule(
        {
            "PATCH": Call((COMMENT,), {"text": "y"}, may=wrote),
            "DELETE": Call(may=deletes_comment),
        },
        target="api_comment",
    ),
    "api:tags_list": Rule(get() | post(TAG, data=fresh_name)),
    "api:tags_read": Rule({"PATCH": Call((TAGS,), fresh_name), "DELETE": Call((TAGS,))}, target="api_tag"),
    "api:tags_merge": Rule(post(TAGS, data=into), target="api_tag"),
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
