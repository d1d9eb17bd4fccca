"""The fields that keys are made of. A model that has a TenantField is a business table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models

from guanxi.foundation.tenancy.scope import current_scope
from guanxi.kernel.errors import NoScope
from guanxi.kernel.ids import new_id


def _tenant_in_scope() -> UUID | None:
    current = current_scope()
    return current.tenant_id if current else None


class TenantField(models.UUIDField):  # type: ignore[type-arg]
    """The company a row belongs to; its presence puts the table behind the walls.

    ``ledger=False`` leaves a table out of the ledger: bookkeeping such as jobs, notices, number counters and
    what is derived from other rows. A plain uuid, because the migration autodetector would split a ForeignKey
    off the primary key.
    """

    def __init__(self, *args: Any, ledger: bool = True, **kwargs: Any) -> None:
        self.ledger = ledger
        kwargs["editable"] = False
        kwargs["default"] = _tenant_in_scope
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        if not self.ledger:
            kwargs["ledger"] = False
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> UUID:
        value = getattr(model_instance, self.attname)
        current = current_scope()
        if value is None:
            if current is None:
                raise NoScope("no_scope", {"table": model_instance._meta.db_table})
            value = current.tenant_id
            setattr(model_instance, self.attname, value)
        elif current is not None and UUID(str(value)) != current.tenant_id:
            raise NoScope("foreign_row", {"table": model_instance._meta.db_table})
        return UUID(str(value))


class IdField(models.UUIDField):  # type: ignore[type-arg]
    """UUIDv7 key: sorts by creation time, made by the application, unique over all companies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(primary_key=True, default=new_id, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for key in ("primary_key", "default", "editable"):
            kwargs.pop(key, None)
        return name, path, args, kwargs


@models.UUIDField.register_lookup
class Among(models.Lookup):
    """`pk__among=ids`: what `pk__in` means, with the ids as one array. Of thousands, each as a parameter of its own,
    the driver takes a tenth of a second to write them down."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        # Written by us: the driver asks each of them for its type.
        ids = ",".join(one.hex if isinstance(one, UUID) else str(one) for one in self.rhs)
        return f"{column} = ANY(%s::uuid[])", (*params, f"{{{ids}}}")


class VersionField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """Counts the changes of a row; a trigger raises it at every UPDATE. Used for optimistic locking."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(default=1, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        kwargs.pop("editable", None)
        return name, path, args, kwargs


class KeyedField(models.JSONField):
    """A JSON object each of whose keys is a value by itself: undo compares and puts back key by key."""

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs  # the same column, so nothing to migrate


class _WithinCompany:
    """Joins and constrains on (tenant_id, id), so that a reference never leaves its company."""

    def get_joining_fields(self, reverse_join: bool = False) -> tuple[tuple[Any, Any], ...]:
        pairs = tuple(super().get_joining_fields(reverse_join))  # type: ignore[misc]
        ours = self.model._meta.get_field("tenant_id")  # type: ignore[attr-defined]
        theirs = self.remote_field.model._meta.get_field("tenant_id")  # type: ignore[attr-defined]
        return pairs + (((theirs, ours),) if reverse_join else ((ours, theirs),))


class Reference(_WithinCompany, models.ForeignKey):  # type: ignore[type-arg]
    """A reference to another business table of the same company."""


Reference.register_lookup(Among)


def tenant_field(model: type[models.Model]) -> TenantField | None:
    """The model's TenantField, or None where it is not a business table. Works for historical models."""
    for field in model._meta.local_fields:
        if isinstance(field, TenantField):
            return field
    return None
