"""Answering and exporting; each use stands in the change log with its ground."""

import json
import tempfile
import zipfile
from typing import IO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.files.services import path_of
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.privacy.choices import Ground
from guanxi.privacy.queries.answers import Answer, Encoder, as_data, everything_of, named_safely
from guanxi.privacy.services.erasing import SEE
from guanxi.resource import access
from guanxi.resource.registry import find

ANSWER, EXPORT = "customers.person.answer", "customers.person.hand_out"
_IN_MEMORY = 8 << 20  # bytes of an archive; what is larger waits on disk


def answer(actor: Actor, person_id: UUID, *, ground: str, language: str = "zh-hans") -> Answer:
    """Everything the company holds of a person. Raises Forbidden, NotFound, Invalid without a ground."""
    return _looked(actor, person_id, ground, language, verb=ANSWER, most=None)


def export(actor: Actor, person_id: UUID, *, ground: str, language: str = "zh-hans") -> IO[bytes]:
    """The same as a ZIP: `person.json` and the files. Raises as `answer`."""
    found = _looked(actor, person_id, ground, language, verb=EXPORT, most=None)
    archive = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the answer closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as book:
        told = json.dumps(as_data(found), ensure_ascii=False, indent=1, cls=Encoder)
        book.writestr("person.json", told)
        for name, one in named_safely(found.files):
            try:
                book.write(path_of(one), name)
            except NotFound:
                continue  # its bytes are missing on disk; the list still names it
    archive.seek(0)
    return archive


def _looked(
    actor: Actor, person_id: UUID, ground: str, language: str, *, verb: str, most: int | None
) -> Answer:
    actor.require(SEE)
    if ground not in Ground.values:
        raise Invalid({"ground": [Message("value", _("Say on what ground."))]})
    person = access.get(actor, find("people"), person_id)
    with operation(actor, verb, record_id=person.pk, label=str(person), summary={"ground": ground}):
        return everything_of(person, language, most=most)
