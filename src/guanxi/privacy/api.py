"""Operations of the API: everything held of a person, and its erasure."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.privacy.jobs import ask_erasure, ask_export
from guanxi.privacy.queries.answers import Encoder, as_data
from guanxi.privacy.services.answering import answer
from guanxi.privacy.services.archives import find_archive
from guanxi.privacy.services.revealing import reveal
from guanxi.resource.operations import Operation, declare


@dataclass(frozen=True, kw_only=True)
class OnGround:
    """On what ground: request, consent, purpose, unlawful, authority. It stands in the change log."""

    ground: str


@dataclass(frozen=True, kw_only=True)
class NewErasure:
    """The ground, a note without names, and the person's name to confirm."""

    ground: str
    confirm: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerOut:
    """Everything held of the person as one JSON document (a text): their fields, rows, texts that name them, files,
    changes and uses."""

    person: UUID
    document: str


@dataclass(frozen=True, kw_only=True)
class AskedJob:
    """The job that does it; its `result` says what was done."""

    job: UUID


@dataclass(frozen=True, kw_only=True)
class WhichField:
    """A field that is masked until asked for: the key of its resource (customers, people) and its name."""

    resource: str
    field: str


@dataclass(frozen=True, kw_only=True)
class RevealOut:
    """The value as it stands."""

    value: str


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="personal-data", method="POST", path="personal-data/{id}/answer", act=_answer,
            body=OnGround, answer=AnswerOut,
            summary=gettext_noop("Everything held of a person"),
            words=gettext_noop("Whole, whatever field rules say. Each use stands in the change log with its ground."),
        ),
        Operation(
            area="personal-data", method="POST", path="personal-data/{id}/erase", act=_erase,
            body=NewErasure, answer=AskedJob, status=202,
            summary=gettext_noop("Erase a person's data"),
            words=gettext_noop(
                "For good, in rows, change log, search, files and texts; it cannot be undone. `confirm` is the "
                "person's name. A job, all of it or nothing: its result has how many rows went, in how many texts a "
                "name was written over, how many files went."
            ),
        ),
        Operation(
            area="personal-data", method="POST", path="personal-data/{id}/export", act=_export,
            body=OnGround, answer=AskedJob, status=202,
            summary=gettext_noop("Pack everything held of a person"),
            words=gettext_noop("With the files, as a ZIP. Each use stands in the change log with its ground."),
        ),
        Operation(
            area="personal-data", method="GET", path="personal-data/{id}/archive", act=_archive,
            file="application/zip",
            summary=gettext_noop("What an export has packed"),
            words=gettext_noop("`id` is the job's. Kept for a week, not longer than the person."),
        ),
        Operation(
            area="personal-data", method="POST", path="personal-data/{id}/reveal", act=_reveal,
            body=WhichField, answer=RevealOut,
            summary=gettext_noop("Show a masked number"),
            words=gettext_noop("Of the record `id`. Written down, and limited to so many records a day."),
        ),
        **{"personal-data": _("Personal data")},
    )  # fmt: skip


def _answer(actor: Actor, id: UUID, body: OnGround) -> AnswerOut:  # noqa: A002
    found = answer(actor, id, ground=body.ground)
    return AnswerOut(person=id, document=json.dumps(as_data(found), ensure_ascii=False, cls=Encoder))


def _erase(actor: Actor, id: UUID, body: NewErasure) -> AskedJob:  # noqa: A002
    return AskedJob(job=ask_erasure(actor, id, ground=body.ground, note=body.note, confirm=body.confirm).pk)


def _export(actor: Actor, id: UUID, body: OnGround) -> AskedJob:  # noqa: A002
    return AskedJob(job=ask_export(actor, id, ground=body.ground).pk)


def _archive(actor: Actor, id: UUID) -> tuple[Path, str]:  # noqa: A002
    return find_archive(actor, id), "personal-data.zip"


def _reveal(actor: Actor, id: UUID, body: WhichField) -> RevealOut:  # noqa: A002
    record, kind = reveal(actor, resource=body.resource, record_id=id, field=body.field)
    return RevealOut(value=str(kind.text(record, Show(actor=actor, language="zh-hans"))))
