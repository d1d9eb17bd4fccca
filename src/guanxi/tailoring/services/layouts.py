"""The order of card and form, and what each leaves out."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, Stale
from guanxi.kernel.text import TextTooLong, clean_text
from guanxi.resource.declaration import Resource
from guanxi.tailoring.models import Layout
from guanxi.tailoring.queries.arranging import OWN, must_stay
from guanxi.tailoring.services.fields import MANAGE, find_resource
from guanxi.tailoring.services.stamps import touch

_MOST_SECTIONS = 40


def set_layout(
    actor: Actor,
    *,
    resource: str,
    sections: Sequence[Mapping[str, Any]],
    off_card: Collection[str] = (),
    off_form: Collection[str] = (),
    expected_version: int | None = None,
) -> Layout:
    """Order sections ({"key", "zh", "en", "fields"}) and fields, rename sections, leave fields out.

    A key that begins with "+" makes a section of the company's own. What is not named stands at the end. Raises
    Forbidden, NotFound, Invalid, Stale.
    """
    actor.require(MANAGE)
    target = find_resource(resource)
    touch()
    row = Layout.objects.select_for_update().filter(resource=target.key).first()
    if expected_version is not None and (row.version if row else 0) != expected_version:
        raise Stale(current=row.version if row else 0, expected=expected_version)
    problems = Invalid()
    values: dict[str, Any] = {
        "sections": _sections(problems, target, sections),
        "off_card": sorted(set(off_card) & set(target.fields())),
        "off_form": sorted(set(off_form) & set(target.fields())),
    }
    stuck = must_stay(target) & set(values["off_form"])
    for name in sorted(stuck):
        problems.add(
            "off_form",
            Message(
                "required_hidden",
                _("“%(field)s” must be filled in, so the form cannot be without it."),
                {"field": target.kind(name).label},
            ),
        )
    if target.title in values["off_card"]:
        values["off_card"].remove(target.title)  # it stands in the card's head
    if problems:
        raise problems
    with operation(
        actor,
        "tailoring.layout.edit",
        record_id=row.id if row else None,
        label=target.label_plural,
    ):
        if row is None:
            row = Layout(resource=target.key, **values)
            row.save(force_insert=True)
        elif any(getattr(row, key) != value for key, value in values.items()):
            for key, value in values.items():
                setattr(row, key, value)
            row.save(update_fields=[*values, "updated_at"])
    touch()
    return row


def reset_layout(actor: Actor, *, resource: str) -> None:
    """Back to the order that was delivered. Raises Forbidden, NotFound."""
    actor.require(MANAGE)
    target = find_resource(resource)
    touch()
    row = Layout.objects.filter(resource=target.key).first()
    if row is None:
        return
    with operation(actor, "tailoring.layout.reset", record_id=row.id, label=target.label_plural):
        row.delete()
    touch()


def _sections(
    problems: Invalid, resource: type[Resource], given: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    declared = {section.key for section in resource.form} | {OWN}
    known = set(resource.fields())
    found: list[dict[str, Any]] = []
    placed: set[str] = set()
    for one in given:
        key = str(one.get("key", ""))[:60]
        if key in {other["key"] for other in found} or not (key in declared or key.startswith("+")):
            problems.add("sections", Message("section", _("The page has changed. Load it again.")))
            continue
        try:
            zh, en = (clean_text(str(one.get(name, "") or ""), max_length=40) for name in ("zh", "en"))
        except TextTooLong:
            problems.add("sections", Message("too_long", _("At most %(limit)s characters."), {"limit": 40}))
            continue
        names = [
            name for name in dict.fromkeys(one.get("fields", ())) if name in known and name not in placed
        ]
        placed.update(names)
        if key.startswith("+") and not (zh or en):
            if not names:
                continue  # an empty line of the page
            problems.add("sections", Message("title", _("Give the new section a title.")))
        found.append({"key": key, "zh": zh, "en": en, "fields": names})
    if len(found) > _MOST_SECTIONS:
        problems.add(
            "sections", Message("too_many", _("At most %(most)s sections."), {"most": _MOST_SECTIONS})
        )
    return found
