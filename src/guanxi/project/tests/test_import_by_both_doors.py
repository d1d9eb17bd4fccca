"""Files of real programs by page and by command line: the same figures, or the same refusal; never an error of ours."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError
from django.test import Client

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.imports.tests.test_shared_files import FOLDER, pytestmark  # noqa: F401  where there are files
from guanxi.project.tests.test_import_command import run
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

_FOLDERS = ("contacts_csv", "contacts_vcard", "crm_schemas_fivetran")
_ENDINGS = {".csv", ".vcf", ".ldif", ".xlsx"}


def _files() -> list[Path]:
    found = [
        path for name in _FOLDERS for path in sorted((FOLDER / name).rglob("*")) if path.suffix in _ENDINGS
    ]
    return [*found, FOLDER / "maven_crm" / "accounts.csv"] if FOLDER.is_dir() else []


def _holds(path: Path) -> str:
    """What somebody would take the file for, who looks at its name."""
    name = path.name.lower()
    if any(word in name for word in ("task", "event", "note", "engagement", "call", "meeting")):
        return "activities"
    return "customers" if any(word in name for word in ("account", "compan")) else "people"


def _by_page(world: World, client: Client, path: Path, key: str) -> dict[str, Any] | str:
    """The figures of an import through the pages, or what they say against it."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post(f"/{key}/import/", {"file": file})
    if answer.status_code == 422:
        return answer.content.decode()
    url = answer.headers["Location"]
    page = client.get(url)
    assert page.status_code == 200
    assert 'name="map-' in page.content.decode()
    begun = client.post(url, {"do": "import"})
    if begun.status_code == 422:
        return begun.content.decode()
    with in_scope(world.system, door="job"):
        job = Job.objects.filter(state=Job.State.QUEUED).latest("created_at")
    run_job(world.tenant_id, job.pk)
    with in_scope(world.system, door="job"):
        job.refresh_from_db()
    result = client.get(begun.headers["Location"])
    assert result.status_code == 200
    return dict(job.result) if job.state == Job.State.DONE else result.content.decode()


def _by_command(path: Path, key: str, world: World) -> str:
    """The line of figures of an import by command line; "" where it refuses."""
    try:
        return run("import_", key, path, json=True, company=world.tenant.slug)
    except CommandError:
        return ""


@pytest.mark.slow
@pytest.mark.parametrize("path", _files(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_page_and_command_line_say_the_same(
    world: World, other_world: World, client_for: Any, path: Path, settings: Any, tmp_path: Path
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    key = _holds(path)
    told = _by_page(world, client_for(world.members["admin"]), path, key)
    line = _by_command(path, key, other_world)
    if not line:
        assert isinstance(told, str), "the page imported what the command line refuses"
        return
    assert not isinstance(told, str), "the page refuses what the command line imports"
    figures = json.loads(line)
    same = [name for name in figures if name not in ("seconds", "operation")]
    assert {name: told[name] for name in same} == {name: figures[name] for name in same}
    assert figures["rows"] == sum(figures[n] for n in ("created", "updated", "skipped", "rejected", "review"))
    with in_scope(world.admin):
        # All of it is one operation, and goes as one.
        if figures["created"]:
            undo(world.admin, Operation.objects.get(verb=find(key).act("import")).pk)
            assert find(key).model._default_manager.count() == 0
