"""Asking for regular exports, pausing and deleting them; starting those that are due; keeping their files."""

import os
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.files.services import folder_of
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.integrations.exports.formats import format_of
from guanxi.integrations.exports.regular.days import next_due
from guanxi.integrations.models import ExportPlan
from guanxi.kernel.errors import Forbidden, GuanxiError, Invalid, Message, NotFound, Refused
from guanxi.kernel.text import TextTooLong, clean_text
from guanxi.resource import listing, viewing
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find_by_key

KIND = "integrations.regular_export"
READY, STOPPED = "export_ready", "export_stopped"  # the notices
MOST, MOST_DAYS = 20, 90
CREATE, CHANGE, DELETE = (f"integrations.export_plan.{verb}" for verb in ("create", "change", "delete"))
_DAY = 86_400  # seconds


def plans_of(actor: Actor) -> list[ExportPlan]:
    """One's own, by name."""
    if actor.member_id is None:
        return []
    return list(ExportPlan.objects.filter(owner_id=actor.member_id).order_by("name", "id"))


def plan_of(actor: Actor, plan_id: UUID) -> ExportPlan:
    """One of one's own. Raises NotFound."""
    found = (
        ExportPlan.objects.filter(owner_id=actor.member_id, pk=plan_id).first() if actor.member_id else None
    )
    if found is None:
        raise NotFound("no_export_plan")
    return found


def make_plan(actor: Actor, resource: type[Resource], given: Mapping[str, str]) -> ExportPlan:
    """Let a list leave regularly. `given` are name, query, format, every, day, hour and keep_days as typed.

    Raises Forbidden without the right to export, Invalid beside the fields, Refused for too many.
    """
    actor.require(resource.permission("export"))
    if actor.member_id is None:
        raise Forbidden(resource.permission("export"))
    if ExportPlan.objects.filter(owner_id=actor.member_id).count() >= MOST:
        raise Refused(
            "too_many_exports", _("You have %(most)s regular exports. Delete one first."), {"most": MOST}
        )
    plan = ExportPlan(owner_id=actor.member_id, resource=resource.key, **_cleaned(resource, given))
    list_of(actor, plan)
    plan.due_at = _next(plan, timezone.now())
    with operation(actor, CREATE, record_id=plan.pk, label=plan.name):
        plan.save(force_insert=True)
    return plan


def change_plan(actor: Actor, plan_id: UUID, given: Mapping[str, str]) -> ExportPlan:
    """Change when and as what a list leaves; the list stays. `given` as `make_plan` has it, without the query.

    Raises NotFound, Forbidden without the right to export, Invalid beside the fields.
    """
    plan = plan_of(actor, plan_id)
    resource = resource_of(plan)
    actor.require(resource.permission("export"))
    changes = _cleaned(resource, {**given, "query": plan.query})
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.due_at = _next(plan, timezone.now())
    with operation(actor, CHANGE, record_id=plan.pk, label=plan.name):
        plan.save(update_fields=[*changes, "due_at"])
    return plan


def resource_of(plan: ExportPlan) -> type[Resource]:
    """What its list is of. Raises NotFound where that is gone."""
    resource = find_by_key(plan.resource)
    if resource is None:
        raise NotFound("no_resource")
    return resource


def _cleaned(resource: type[Resource], given: Mapping[str, str]) -> dict[str, object]:
    errors: dict[str, list[Message]] = {}
    found: dict[str, object] = {"query": given.get("query", "")[:4000]}
    try:
        found["name"] = clean_text(given.get("name", ""), max_length=100)
    except TextTooLong:
        errors["name"] = [Message("too_long", _("At most %(limit)s characters."), {"limit": 100})]
    if not errors and not found["name"]:
        errors["name"] = [Message("required", _("Fill this in."))]
    try:
        found["format"] = format_of(resource, given.get("format", "")).key
    except Invalid as error:
        errors |= {name: list(said) for name, said in error.fields.items()}
    found["every"] = every = given.get("every", "")
    if every not in ExportPlan.Every.values:
        errors["every"] = [Message("value", _("Choose one of these."))]
    for name, least, most in (
        ("day", 1, 7 if every == "week" else 31),
        ("hour", 0, 23),
        ("keep_days", 1, MOST_DAYS),
    ):
        text = given.get(name, "").strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else -1
        found[name] = number
        if not least <= number <= most:
            words = {"least": least, "most": most}
            errors[name] = [Message("range", _("A number from %(least)s to %(most)s."), words)]
    if errors:
        raise Invalid(errors)
    return found


def _next(plan: ExportPlan, after: datetime) -> datetime:
    zone = ZoneInfo(Tenant.objects.get(pk=require_scope().tenant_id).time_zone)
    return next_due(plan.every, plan.day, plan.hour, zone, after)


def list_of(actor: Actor, plan: ExportPlan) -> listing.Listing:
    """What a plan means today, to the actor. Raises Forbidden, NotFound for what is gone, Invalid."""
    resource = resource_of(plan)
    actor.require(resource.permission("export"))
    query = viewing.opened(actor, resource, QueryDict(plan.query)).query
    return listing.read(actor, resource, query)


def pause(actor: Actor, plan_id: UUID, *, paused: bool) -> ExportPlan:
    """Let a plan rest, or go on: from the next time it is due, also where it was stopped. Raises NotFound, and what
    `list_of` raises where it cannot go on."""
    plan = plan_of(actor, plan_id)
    if not paused:
        list_of(actor, plan)
        plan.stopped, plan.due_at = "", _next(plan, timezone.now())
    plan.paused = paused
    with operation(actor, CHANGE, record_id=plan.pk, label=plan.name):
        plan.save(update_fields=["paused", "stopped", "due_at"])
    return plan


def delete_plan(actor: Actor, plan_id: UUID) -> None:
    """No more of it; files that it left stay as long as they are kept. Raises NotFound."""
    plan = plan_of(actor, plan_id)
    with operation(actor, DELETE, record_id=plan.pk, label=plan.name):
        plan.delete()


def start_due(now: datetime) -> int:
    """Ask for the work of all that is due in the open scope, each once however much was missed. Returns how many."""
    with transaction.atomic():
        rows = ExportPlan.objects.filter(due_at__lte=now, paused=False, stopped="")
        rows = rows.select_related("owner").select_for_update(skip_locked=True, of=("self",))
        due = list(rows.order_by("due_at", "id"))
        for plan in due:
            plan.due_at = _next(plan, now)
            plan.save(update_fields=["due_at"])
            if plan.owner.left_on is not None:
                stop(plan, str(_("Whoever asked for it has left.")))
                continue
            enqueue(load_actor(plan.owner_id), KIND, label=plan.name, plan=plan.pk, keep=plan.keep_days)
    return len(due)


def stop(plan: ExportPlan, reason: str) -> None:
    """It runs no more, because of this."""
    ExportPlan.objects.filter(pk=plan.pk).update(stopped=reason)


# Files


def file_path(tenant_id: UUID, job_id: UUID, ending: str) -> Path:
    """Where the file of one time lies."""
    return folder_of(tenant_id) / "exports" / f"{job_id}.{ending}"


def files_of(actor: Actor) -> list[tuple[Job, Path]]:
    """What one's own regular exports have left and is still there, newest first."""
    if actor.member_id is None:
        return []
    rows = Job.objects.filter(kind=KIND, actor_id=actor.member_id, state=Job.State.DONE).order_by(
        "-created_at"
    )
    found = ((row, _path(row)) for row in rows[:200])
    return [(row, path) for row, path in found if path is not None]


def fetch(actor: Actor, job_id: UUID) -> tuple[Job, Path]:
    """One of them, to be handed out. Raises NotFound, and Forbidden where the right to export is gone since."""
    row = Job.objects.filter(pk=job_id, kind=KIND, actor_id=actor.member_id, state=Job.State.DONE).first()
    path = _path(row) if row is not None and actor.member_id is not None else None
    if row is None or path is None:
        raise NotFound("no_export")
    resource = find_by_key(row.result.get("resource", ""))
    if resource is None:
        raise NotFound("no_export")
    actor.require(resource.permission("export"))
    return row, path


def _path(row: Job) -> Path | None:
    if not row.result.get("ending"):
        return None
    path = file_path(row.tenant_id, row.pk, row.result["ending"])
    return path if path.is_file() else None


def is_there(row: Job) -> bool:
    """Whether the file that a job left is still there."""
    return _path(row) is not None


def forget_files(tenant_id: UUID, *, every: bool = False) -> int:
    """Remove what is past its days; all of it where a person is erased. Returns how many."""
    folder, gone, now = folder_of(tenant_id) / "exports", 0, time.time()
    for path in folder.iterdir() if folder.is_dir() else ():
        # A file's time is when it is to go.
        if every or path.stat().st_mtime < now - (_DAY if path.suffix == ".part" else 0):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def keep_for(path: Path, days: int) -> None:
    """Note on a file when it is to go."""
    until = time.time() + days * _DAY
    os.utime(path, (until, until))


def words_of(error: GuanxiError) -> str:
    """Why it cannot be, for whoever asked for it."""
    if isinstance(error, Refused):
        return error.words
    if isinstance(error, Invalid):
        said = [str(one) for many in error.fields.values() for one in many]
        return " ".join([*said, *map(str, error.messages)])
    if isinstance(error, Forbidden):
        return str(_("You may not export these records any more."))
    return str(_("The list, or the saved view, is not there any more."))
