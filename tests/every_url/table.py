"""Who may do what at which address. An address that is not listed here fails the test.

A rule says for each method which permission codes it needs; whoever lacks one gets 403, whoever cannot see the
target 404, and nothing has changed.
"""

from functools import cache
from typing import Any

from every_url.api import API
from every_url.cast import Stage
from every_url.catalog import CATALOG
from every_url.customers import CUSTOMERS
from every_url.foundation import FOUNDATION
from every_url.mail import MAIL
from every_url.rules import DONE, NOBODY, NOT_THERE, REACHED, Call, Rule, get, post
from every_url.sales import SALES
from every_url.tailoring import TAILORING
from every_url.targets import Sees, name
from every_url.work import WORK
from guanxi.resource import acting
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, MemberLink
from guanxi.resource.registry import every
from guanxi.screens import pasting
from guanxi.testing.worlds import in_scope

_AUTHORS = {"reports"}
TABLE: dict[str, Rule] = {**FOUNDATION, **WORK, **MAIL, **CUSTOMERS, **CATALOG, **SALES, **TAILORING, **API}


def _table_of(resource: type[Resource]) -> bytes:
    return f"{resource.kind(resource.title).label}\n{name()}\n".encode()


def _link(resource: type[Resource]) -> str:
    """A field that refers to something; one that is not there where none does."""
    return resource.owner or next((k.name for k in resource.fields().values() if isinstance(k, Link)), "x")


def _reaching(code: str) -> Sees:
    """Whoever holds the code at a reach that covers the seller."""
    return lambda stage, actor: actor.covers(code, [stage.world.seller.member_id])


def of_resource(resource: type[Resource]) -> dict[str, Rule]:
    """The addresses every resource has, from its declaration; its key names its target."""
    view, create, edit, delete = (resource.permission(verb) for verb in ("view", "create", "edit", "delete"))
    field_name = resource.bulk_fields[0]
    target = resource.key

    # Words that are their author's alone: who sees them has not the right to change them with it.
    mine = _reaching(edit) if resource.key in _AUTHORS else None

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
    linked = DONE if _link(resource) in resource.fields() else NOT_THERE

    pages = {
        "list": Rule(get(view)),
        "total": Rule(get(view)),
        "filter_fields": Rule(get(view)),
        "filter_editor": Rule(get(view), arguments={"field": resource.filters[0]}),
        "sort_editor": Rule(get(view)),
        "columns_editor": Rule(get(view)),
        "options": Rule(get(view, answers=linked), arguments={"field": _link(resource)}),
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
        "edit": Rule(get(edit, may=mine) | post(edit, data=changed, may=mine), target=target),
        "delete": Rule(get(delete, may=mine) | post(delete, may=mine), target=target),
        "history": Rule(get(view), target=target),
        "file_add": Rule(get(edit, may=mine) | post(edit, may=mine), target=target),
        "file": Rule(get(view), target=f"{target}:file"),
        "file_kind": Rule(post(edit, data={"kind": "contract"}, may=mine), target=f"{target}:file"),
        "file_remove": Rule(post(edit, may=mine), target=f"{target}:file"),
        "field": Rule(
            get(edit, may=mine) | post(edit, data=changed, may=mine),
            target=target,
            arguments={"field": resource.title},
        ),
        "field_value": Rule(get(view), target=target, arguments={"field": resource.title}),
    }
    api = {
        "list": Rule({"GET": Call((view,)), "POST": Call((create,), changed_title, made)}),
        "read": Rule(
            {
                "GET": Call((view,)),
                "PATCH": Call((edit,), changed_title, may=mine),
                "DELETE": Call((delete,), may=mine),
            },
            target=target,
        ),
        "history": Rule(get(view), target=target),
        "choices": Rule(get(view, answers=linked), arguments={"field": _link(resource)}),
        "fields": Rule(get(view)),
        "duplicates": Rule(post(create, data=changed_title)),
        "files": Rule(get(view) | post(edit, data=b"text", may=mine), target=target, query="?name=a.txt"),
        "file": Rule(
            {
                "GET": Call((view,)),
                "PATCH": Call((edit,), {"kind": "contract"}, may=mine),
                "DELETE": Call((edit,), may=mine),
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
                "PATCH": Call((edit,), {"items": [{"id": NOBODY}]}, frozenset((422,))),
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
    export = resource.permission("export")
    # What is posted is not filled in.
    found[f"{resource.key}_export:plan"] = Rule(get(export) | post(export, answers=frozenset((422,))))
    bring = resource.permission("import")
    imports = {
        "start": Rule(get(bring) | post(bring, answers=REACHED)),
        "template": Rule(get(bring)),
        "match": Rule(get(bring) | post(bring, answers=REACHED), target=f"{target}:upload"),
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
    mine = _reaching(code) if key in _AUTHORS else None
    found = {
        f"{key}:bulk_act": Rule(
            get(resource.permission("view"), answers=frozenset((302,)))
            | post(code, data={"save": "1", **asked}),
            arguments=one,
        ),
        f"{key}:act": Rule(
            get(code, may=mine) | post(code, data={"save": "1", **asked}, may=mine),
            target=key,
            arguments=one,
        ),
        f"{key}:act_options": Rule(
            get(code, answers=frozenset((200, 404))), arguments=one | {"field": _link(resource)}
        ),
    }
    for action in acting.actions_of(resource):
        code = resource.permission(action.verb)
        given = {kind.name: "me" for kind in action.inputs}
        # What an action asks for may be nothing that is there: then it has still been reached.
        answers = DONE if all(isinstance(kind, MemberLink) for kind in action.inputs) else DONE | {422}
        if action.gives:
            answers |= {404}  # a claim of what lies in no pool
        if action.form == "row":
            answers |= {409}  # a collision to settle where there is none
        if (key, action.key) == ("registrations", "assign"):
            answers |= {409}  # for a customer of somebody else's it goes to nobody but that one
        if action.key == acting.EDIT:
            name = resource.bulk_fields[-2:][0]
            given = {name: resource.kind(name).blank()}
        if action.form == "set":
            body = {"ids": [NOBODY], "inputs": given}
            found[f"api:{key}_act_many_{action.key}"] = Rule(post(code, data=body, answers=answers))
        if action.key not in (acting.EDIT, acting.DELETE):
            found[f"api:{key}_act_{action.key}"] = Rule(
                post(
                    code,
                    data={"inputs": given},
                    answers=answers,
                    may=_reaching(code) if key in _AUTHORS and "." not in action.verb else None,
                ),
                target=key,
            )
    return found


def listed() -> dict[str, Rule]:
    """The whole table: hand-written rules, and those of every resource."""
    return TABLE | {name: rule for resource in every() for name, rule in of_resource(resource).items()}


@cache
def by_the_same_code() -> frozenset[str]:
    """The addresses that every entity has, one entity's left out: what they are not depends on no declaration."""
    _one, *others = every()
    return frozenset(name for resource in others for name in of_resource(resource))
