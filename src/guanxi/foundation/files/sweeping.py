"""Taking away bytes that nothing names any more. Runs across companies, as the owner role.

A row that is gone went by a deletion, and only that deletion's image can bring it back: what neither a row nor
such an image names is nobody's. Only bytes at rest are touched: an upload may lie there before its row is
committed, and one that comes again makes the file new.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import connections

from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import ARRIVING, folder_of
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.ids import new_id

OWNER = "owner"
REST = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ASIDE = re.compile(r"[0-9a-f]{64}\.aside-[0-9a-f]{32}")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Swept:
    """What went: how many files, and their bytes together."""

    files: int = 0
    size: int = 0


def sweep(now: datetime) -> Swept:
    """Remove what no attachment and no image names, of every company, if it has lain there for a day.

    To be run before the ledger forgets: what loses its image tonight goes tomorrow, so that an undo which is
    just reading that image still finds its bytes.
    """
    before = (now - REST).timestamp()
    files = size = 0
    for tenant_id in Tenant.objects.using(OWNER).values_list("id", flat=True):
        folder = folder_of(tenant_id)
        if not folder.is_dir():
            continue
        for path in _nameless(tenant_id, folder, before):
            gone = _take(path, before)
            files, size = files + (gone is not None), size + (gone or 0)
    return Swept(files, size)


def _nameless(tenant_id: UUID, folder: Path, before: float) -> Iterator[Path]:
    """Files at rest that nothing names, and what arrivals left behind whose process was killed."""
    for path in folder.glob(f"{ARRIVING}*"):
        if _rests(path, before):
            yield path
    resting = _at_rest(folder, before)
    while part := list(islice(resting, _BATCH)):
        named = _named(tenant_id, [path.name for path in part])
        yield from (path for path in part if path.name not in named)


def _at_rest(folder: Path, before: float) -> Iterator[Path]:
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if _ASIDE.fullmatch(path.name):
            # A sweep was killed between two steps: back, and judged like the others.
            path = path.replace(path.with_name(path.name.partition(".")[0]))
        if _DIGEST.fullmatch(path.name) and _rests(path, before):
            yield path


def _rests(path: Path, before: float) -> bool:
    try:
        return not path.is_symlink() and path.is_file() and path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _named(tenant_id: UUID, digests: Iterable[str]) -> set[str]:
    """Those of the digests that a row bears, or a row that can still be brought back."""
    wanted = list(digests)
    rows = Attachment.objects.using(OWNER).filter(tenant_id=tenant_id, digest__in=wanted)
    found = set(rows.values_list("digest", flat=True))
    rest = [digest for digest in wanted if digest not in found]
    if not rest:
        return found
    tables, names = former_names(Attachment._meta.db_table, ["digest"])
    with connections[OWNER].cursor() as cursor:
        for name in sorted(names):
            cursor.execute(
                "SELECT DISTINCT old->>%s FROM ledger_change WHERE tenant_id = %s AND table_name = ANY(%s) "
                "AND action = 'D' AND old->>%s = ANY(%s)",
                [name, tenant_id, sorted(tables), name, rest],
            )
            found |= {row[0] for row in cursor.fetchall()}
    return found


def _take(path: Path, before: float) -> int | None:
    """Remove a file; its size in bytes, or None where it came anew while we looked.

    Put aside first: from then on an upload of the same bytes makes a file of its own, and one that was quicker
    than we shows by its time.
    """
    aside = path.with_name(f"{path.name}.aside-{new_id().hex}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return None
    if not _rests(aside, before):
        aside.replace(path)
        return None
    size = aside.stat().st_size
    aside.unlink()
    return size
