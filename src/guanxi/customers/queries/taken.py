"""What one line means that somebody asks with: a name, a telephone, a code, an address."""

import re
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from guanxi.customers.queries.asking import token_for
from guanxi.customers.queries.duplicates import Duplicate, duplicates_of
from guanxi.customers.queries.marks import MODELS
from guanxi.customers.rules.alike import CUSTOMERS, Known, customer_of, person_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.queries import find as search
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.phones import parse_phone
from guanxi.kernel.pinyin import readings
from guanxi.kernel.text import bare
from guanxi.kernel.web import email_domain, web_domain
from guanxi.resource import access
from guanxi.resource.registry import find

_NAMES = ("name", "short_name", "former_names", "other_names")
_MOST = 8  # whose name holds what was typed
_SHORTEST, _SHORTEST_LATIN = 2, 4  # of a piece of a name that is looked for
# Chinese in code: a telephone number among words, and the words that only say that it is one.
_NUMBER = re.compile(r"[+(（]?\d[\d\s()（）-]{5,}\d")
_CALLED = re.compile(r"(?:联系电话|电话|手机号?|座机|\b(?:tel|phone|mobile)\b)\s*[:：.]?", re.IGNORECASE)
_AROUND = " ,，;；、:：/|"


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
    for found in _NUMBER.finditer(text):
        number = found.group().strip()
        if not parse_phone(number, "CN").valid:
            continue
        rest = _CALLED.sub("", f"{text[: found.start()]} {text[found.end() :]}")
        return " ".join(rest.split()).strip(_AROUND), number
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


def taken(actor: Actor, resource: str, text: str) -> list[Duplicate]:
    """Who may be meant by a text: records like it, and those whose name holds it or a word of it. Also such as the
    actor cannot see; what the search knows of them beside their names finds none."""
    found = duplicates_of(actor, known_from(resource, text))
    beside = {one.record.pk for one in found}
    return [*found, *_held(actor, resource, text, beside)][: _MOST + len(found)]


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
