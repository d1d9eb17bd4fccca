"""The long pieces of work: filling the index of a field, and teaching the search its words."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.permissions.web import listed
from guanxi.tailoring.models import OwnField
from guanxi.tailoring.services import indexes


@job(indexes.FILL, _("Index of a field"))
def fill_index(run: JobRun) -> dict[str, Any]:
    row = OwnField.objects.filter(id=UUID(run.args["field"])).first()
    if row is None:  # deleted or undone meanwhile
        return {"total": 0}
    count, twice = indexes.fill(run.actor, row, run.progress)
    return {"total": count, "twice": [value[:60] for value in twice]}


@job(indexes.FIND, _("Search by a field"))
def find_again(run: JobRun) -> dict[str, Any]:
    row = OwnField.objects.filter(id=UUID(run.args["field"])).first()
    return {"total": indexes.find_again(row, run.progress) if row is not None else 0}


def read(row: Job) -> Outcome:
    """What came of filling an index, for the pages of jobs."""
    twice = row.result.get("twice") or ()
    said = ""
    if twice:
        values = listed(str(value) for value in twice)
        said = gettext("Several records have the same value (%(values)s): the field allows that again.") % {
            "values": values
        }
    return Outcome(sentence=said, facts=((gettext("Records"), f"{row.result.get('total', 0):,}"),))
