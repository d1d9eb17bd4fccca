"""Long work on a person's data: packing it, erasing it; every night again whoever was erased and is there once more.

Both are one transaction with the job's own end: stopped or killed anywhere, everything is as it was. Neither can be
undone, so that their jobs' pages lead to no operation.
"""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.words import shown_number
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.privacy.queries.belongings import STEPS, Step, business_models
from guanxi.privacy.services.answering import hand_out, may_look
from guanxi.privacy.services.archives import (
    EXPORT_KIND,
    KEPT_DAYS,
    forget_old_archives,
    is_kept,
    write_archive,
)
from guanxi.privacy.services.erasing import erase_again, erase_person, may_erase, steps_of_erasing
from guanxi.resource import access
from guanxi.resource.registry import find

log = logging.getLogger(__name__)
ERASE_KIND = "privacy.erase"
_EXPORT, _ERASE = _("Export of a person's data"), _("Erasure of a person's data")


def ask_export(actor: Actor, person_id: UUID, *, ground: str) -> Job:
    """Ask for everything held of a person as a ZIP. Raises Forbidden, NotFound, Invalid without a ground."""
    may_look(actor, ground)
    person = access.get(actor, find("people"), person_id)
    language = get_language() or "zh-hans"
    return enqueue(
        actor,
        EXPORT_KIND,
        label=_EXPORT,
        total=_packing(),
        person=person.pk,
        ground=ground,
        language=language,
    )


def ask_erasure(actor: Actor, person_id: UUID, *, ground: str, note: str, confirm: str) -> Job:
    """Ask for a person to be erased for good. `confirm` is the person's name, which is not kept.

    Raises Forbidden, NotFound, Invalid, Refused as `may_erase`.
    """
    note = may_erase(actor, person_id, ground=ground, note=note, confirm=confirm)
    return enqueue(
        actor, ERASE_KIND, label=_ERASE, total=steps_of_erasing(), person=person_id, ground=ground, note=note
    )


def _packing() -> int:
    return STEPS * len(business_models()) + 1


def _steps(run: JobRun, total: int) -> Step:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        run.progress(min(done, total), total)

    return step


@job(EXPORT_KIND, _EXPORT)
def pack(run: JobRun) -> dict[str, Any]:
    """Everything held of a person, written beside the database before the job ends; after a kill, once more."""
    args = run.args
    step = _steps(run, _packing())
    found = hand_out(
        run.actor, UUID(args["person"]), ground=args["ground"], language=args["language"], step=step
    )
    size = write_archive(found, run.id)
    step()
    return {"files": len(found.files), "size": size, "total": _packing()}


@job(ERASE_KIND, _ERASE)
def erase(run: JobRun) -> dict[str, Any]:
    """A person erased: whole, or not at all."""
    args = run.args
    total = steps_of_erasing()
    done = erase_person(
        run.actor, UUID(args["person"]), ground=args["ground"], note=args["note"], step=_steps(run, total)
    )
    counts = {name: int(done.counts.get(name, 0)) for name in ("rows", "texts", "files", "shared")}
    return {"erasure": str(done.pk), **counts, "total": total}


def read_export(row: Job) -> Outcome:
    """What came of it, for the pages of jobs; the way to the file as long as it is kept."""
    if not is_kept(row):
        return Outcome(
            sentence=gettext("The file is not there any more. Export again if it is still needed.")
        )
    said = ngettext(
        "Everything is packed; the file is kept for %(n)s day.",
        "Everything is packed; the file is kept for %(n)s days.",
        KEPT_DAYS,
    ) % {"n": KEPT_DAYS}
    return Outcome(
        sentence=said, links=((gettext("Download the ZIP"), reverse("personal_data_file", args=[row.pk])),)
    )


def read_erasure(row: Job) -> Outcome:
    """What came of it, for the pages of jobs."""
    found = row.result
    facts = [
        (gettext("Rows that went"), found.get("rows", 0)),
        (gettext("Texts in which a name was written over"), found.get("texts", 0)),
        (gettext("Files that went"), found.get("files", 0)),
    ]
    if found.get("shared"):
        facts.append((gettext("Numbers that stand on other records too and stay there"), found["shared"]))
    return Outcome(
        sentence=gettext("The personal data is erased."),
        facts=tuple((label, shown_number(count)) for label, count in facts),
        links=((pgettext("contact", "To the people"), find("people").url()),),
    )


def again(_now: datetime) -> int:
    """In every company; one that fails does not keep the others waiting. Returns how many people were met again."""
    met = 0
    for tenant_id in Tenant.objects.values_list("id", flat=True):
        try:
            with scope(tenant_id, door="job"):
                met += erase_again(system_actor(tenant_id))
            forget_old_archives(tenant_id)
        except Exception:
            log.exception("erasures were not repeated", extra={"company": str(tenant_id)})
    return met
