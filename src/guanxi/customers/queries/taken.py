"""What one line means that somebody asks with: a name, a telephone, a code, an address."""

import re
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from guanxi.customers.models import ContactPoint
from guanxi.customers.queries.asking import token_for
from guanxi.customers.queries.duplicates import Duplicate, duplicates_of
from guanxi.customers.queries.marks import MODELS
from guanxi.customers.queries.pieces import number_in, words_of
from guanxi.customers.rules.alike import CUSTOMERS, Known, customer_of, person_of, said_reasons
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.queries import find as search
from guanxi.kernel.alike.verdicts import Reason
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.phones import parse_phone, split_phones
from guanxi.kernel.pinyin import readings
from guanxi.kernel.text import bare
from guanxi.kernel.web import email_domain, web_domain
from guanxi.resource import access
from guanxi.resource.registry import find

_NAMES = ("name", "short_name", "former_names", "other_names")
_MOST = 8  # whose name holds what was typed
_SHORTEST, _SHORTEST_LATIN = 2, 4  # of a piece of a name that is looked for
# Chinese in code: a telephone number among words, and the words that only say that it is one.
_CALLED = re.compile(r"(?:联系电话|电话|手机号?|座机|\b(?:tel|phone|mobile)\b)\s*[:：.]?", re.IGNORECASE)
_DIALLED = re.compile(r"\d(?:[ -]?\d){3,7}", re.ASCII)
_LOCAL = 7  # digits of the shortest landline without its area; fewer are the end of a number


def typed_fields(text: str) -> dict[str, str]:
    """The fields of a customer that a text fills: credit code, phone (with the name beside it), website or name."""
    if check_credit_code(text).ok:
        return {"credit_code": check_credit_code(text).value}
    name, number = _name_and_number(text)
    if number:
        return {"name": name, "phone": number} if name else {"phone": number}
    if " " not in text.strip() and "." in text and "@" not in text and web_domain(text):
        return {"website": text}
    return {"name": text}


def _name_and_number(text: str) -> tuple[str, str]:
    """The words of a text and the telephone number among them; "" for what it has none of."""
    if found := number_in(text):
        return words_of(_CALLED.sub("", found[1])), found[0]
    return "", text if parse_phone(text, "CN").valid else ""


def known_from(resource: str, text: str) -> Known:
    """A record of which no more is known than this text."""
    if resource == CUSTOMERS:
        if email_domain(text):
            return customer_of({"website": email_domain(text)})
        return customer_of(typed_fields(text))
    if email_domain(text):
        return person_of({"email": text})
    name, number = _name_and_number(text)
    if number:
        return person_of({"name": name, "phone": number} if name else {"phone": number})
    return person_of({"name": text, "wechat": text if text.isascii() and " " not in text else ""})


def part_of_number(text: str) -> str:
    """The digits of a telephone number that was not typed whole: without its area, or its last four to six; "" for
    anything else."""
    typed = words_of(_CALLED.sub("", text))
    return "".join(filter(str.isdigit, typed)) if _DIALLED.fullmatch(typed) else ""


def taken(actor: Actor, resource: str, text: str) -> list[Duplicate]:
    """Who may be meant by a text: records like it, and those whose name holds it or a word of it. Also such as the
    actor cannot see; what the search knows of them beside their names finds none."""
    found = duplicates_of(actor, known_from(resource, text))
    beside = {one.record.pk for one in found}
    if digits := part_of_number(text):
        return [*found, *_ending(actor, resource, digits, beside)]
    return [*found, *_held(actor, resource, text, beside)][: _MOST + len(found)]


def _ending(actor: Actor, resource: str, digits: str, beside: Collection[UUID]) -> Iterator[Duplicate]:
    """Whose phone ends so. A landline without its area says as much as a whole one, and asks of everybody; of a few
    last digits there are too many to be tried, so they find only what is in sight."""
    target, whole = find(resource), len(digits) >= _LOCAL
    if not whole and not access.is_open(actor, target.kind("phone")):
        return
    hits = [hit.id for hit in search(resource, digits, owners=None, limit=200) if hit.id not in beside]
    seen = set(access.openly(actor, target, "phone").filter(pk__in=hits).values_list("pk", flat=True))
    asked = [one for one in hits if whole or one in seen]
    records: dict[UUID, Any] = MODELS[resource]._default_manager.select_related("owner").in_bulk(asked)
    further = _points_ending(actor, resource, digits, asked, everybody=whole)
    reasons: tuple[Reason, ...] = ("phone_end",)
    reasons = said_reasons(reasons, () if access.is_open(actor, target.kind("phone")) else ("phone",))
    meant = [one for one in asked if one in records and (one in further or _ends(records[one].phone, digits))]
    for one in meant[:_MOST]:
        asking = "" if one in seen else token_for(actor, resource, one)
        yield Duplicate("possible", reasons, "", records[one], one in seen, asking)


def _points_ending(
    actor: Actor, resource: str, digits: str, ids: Collection[UUID], *, everybody: bool
) -> set[UUID]:
    """Of these records such as have a further number that ends so and that is not for its owner alone."""
    points = find("contact_points")
    rows = ContactPoint.objects.all() if everybody else access.visible(actor, points)
    if not everybody and not access.is_open(actor, points.kind("value")):
        return set()
    column = "customer_id" if resource == CUSTOMERS else "person_id"
    found = rows.filter(
        kind__in=("phone", "mobile", "fax"),
        seen_by="all",
        key__endswith=digits,
        **{f"{column}__in": list(ids)},
    )
    return set(found.values_list(column, flat=True))


def _ends(phones: str, digits: str) -> bool:
    for written in split_phones(phones or ""):
        phone = parse_phone(written, "CN")
        number = phone.e164 if phone.valid else "".join(filter(str.isdigit, written))
        if number.endswith(digits):
            return True
    return False


def _held(actor: Actor, resource: str, text: str, beside: Collection[UUID]) -> Iterator[Duplicate]:
    there = set(beside)
    kinds = [find(resource).kind(name) for name in _NAMES if name in find(resource).declared]
    open_names = [kind.name for kind in kinds if access.is_open(actor, kind)]
    for piece in _pieces(text):
        hits = [hit.id for hit in search(resource, piece, owners=None, limit=50) if hit.id not in there]
        records = MODELS[resource]._default_manager.select_related("owner").in_bulk(hits)
        meant = [records[one] for one in hits if one in records and _names(records[one], open_names, piece)][
            :_MOST
        ]
        there |= {one.pk for one in meant}
        seen = set(
            access.visible(actor, find(resource))
            .filter(pk__in=[one.pk for one in meant])
            .values_list("pk", flat=True)
        )
        for record in meant:
            asking = "" if record.pk in seen else token_for(actor, resource, record.pk)
            yield Duplicate("possible", ("held",), "", record, record.pk in seen, asking)


def _pieces(text: str) -> list[str]:
    """The text, and its words where there are several; no numbers, which are nobody's name."""
    words = text.split()
    pieces = [text, *(words if len(words) > 1 else ())]
    long = [
        one
        for one in pieces
        if len(bare(one)) >= (_SHORTEST_LATIN if one.isascii() else _SHORTEST)
        and not bare(one).isdigit()
        and not parse_phone(one, "CN").valid
    ]
    return list(dict.fromkeys(long))


def _names(record: Any, columns: Collection[str], piece: str) -> bool:
    """Whether one of these names of the record holds the piece, written or in pinyin."""
    needle = bare(piece)
    if any(needle in bare(getattr(record, column)) for column in columns):
        return True
    return (
        "name" in columns and piece.isascii() and any(needle in sound for sound in readings(record.name).full)
    )
