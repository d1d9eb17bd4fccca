"""What happens inside an installation in the tests of backup and upgrade; each act is a process of its own.

Run as `python -m guanxi.project.tests.scene <act> <json>` with the settings of the version that plays.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import django

PNG = b"\x89PNG drawing of the machine"


def begin(name: str) -> dict[str, Any]:
    """A company with two wares, one of which is then renamed and made dearer; one file."""
    from django.conf import settings

    from guanxi.foundation.files.services import add_attachment
    from guanxi.foundation.ledger.services import operation
    from guanxi.foundation.permissions.actor import system_actor
    from guanxi.foundation.permissions.services import create_company
    from guanxi.foundation.tenancy.scope import scope
    from guanxi.project.tests.ware_before.models import Ware

    word = f"u{abs(hash(name)) % 10**9}"
    tenant = create_company(name=name, admin_name="周敏", username=word, password="correct horse battery 9")
    actor = system_actor(tenant.id)
    with scope(tenant.id, door="cli"), operation(actor, "ware.ware.create"):
        first = Ware(name="灌装机", price=100)
        first.save()
        Ware(name="贴标机", price=70).save()
    with scope(tenant.id, door="cli"), operation(actor, "ware.ware.edit") as edit:
        first.name, first.price = "灌装机 II 𠮷", 120
        first.save()
    with scope(tenant.id, door="cli"):
        add_attachment(actor, resource="ware", record_id=first.id, name="zeichnung.png", chunks=[PNG])
    half_written = Path(settings.FILES_ROOT) / str(tenant.id) / "tmpx0f3"
    half_written.write_bytes(b"half")
    return {"tenant": str(tenant.id), "ware": str(first.id), "edit": str(edit.id)}


def look(tenant: str, ware: str, **_more: str) -> dict[str, Any]:
    """The wares as the application role sees them."""
    from guanxi.foundation.files.models import Attachment
    from guanxi.foundation.files.services import path_of
    from guanxi.foundation.tenancy.scope import scope
    from guanxi.project.tests.ware_after.models import Ware

    with scope(UUID(tenant), door="cli"):
        one = Ware._base_manager.get(id=ware)
        count = Ware._base_manager.count()
        file = path_of(Attachment.objects.get())
    return {
        "title": one.title, "price": one.price, "colour": one.colour, "count": count,
        "file": file.read_bytes() == PNG,
    }  # fmt: skip


def undo(tenant: str, ware: str, edit: str) -> dict[str, Any]:
    """Undo the edit from before, then look."""
    from guanxi.foundation.ledger.undo import undo as undo_operation
    from guanxi.foundation.permissions.actor import system_actor
    from guanxi.foundation.tenancy.scope import scope

    with scope(UUID(tenant), door="cli"):
        undo_operation(system_actor(UUID(tenant)), UUID(edit))
    return look(tenant, ware)


def walls(tenant: str, **_more: str) -> dict[str, Any]:
    """What is wrong with the walls, and what the application role may do without a company."""
    from django.db import DatabaseError, connection

    from guanxi.foundation.tenancy.postgresql.rebuild import wall_faults
    from guanxi.foundation.tenancy.scope import scope

    refused = []
    for statement in ("UPDATE ledger_change SET door = 'x'", "DELETE FROM ledger_operation"):
        try:
            with scope(UUID(tenant), door="cli"), connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError as error:
            refused.append(getattr(error.__cause__, "sqlstate", ""))
    with scope(UUID("00000000-0000-0000-0000-000000000000"), door="cli"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*), current_user FROM ware_ware")
        count, role = cursor.fetchone()
    return {
        "faults": [str(fault) for fault in wall_faults()],
        "foreign": count,
        "role": role,
        "refused": refused,
    }


if __name__ == "__main__":
    django.setup()
    acts: dict[str, Callable[..., dict[str, Any]]] = {
        "begin": begin,
        "look": look,
        "undo": undo,
        "walls": walls,
    }
    sys.stdout.write(json.dumps(acts[sys.argv[1]](**json.loads(sys.argv[2]))))
