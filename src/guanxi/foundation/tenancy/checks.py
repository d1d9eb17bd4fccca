"""System checks that hold the keys: references stay in the company, unique rules begin with it."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from guanxi.foundation.tenancy.fields import IdField, Reference, tenant_field


@register()
def check_business_tables(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every business model's keys, references and unique rules."""
    found: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        if tenant_field(model) is not None and model._meta.managed:
            found += _check_model(model)
    return found


def _check_model(model: type[models.Model]) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    opts = model._meta
    if not isinstance(opts.pk, IdField):
        found.append(
            Error(f"{opts.label}: the key of a business table is an IdField", obj=model, id="guanxi.E001")
        )
    for field in opts.local_fields:
        remote: Any = getattr(field, "remote_field", None)
        if remote is not None:
            within = tenant_field(remote.model) is not None
            if within and not isinstance(field, Reference):
                found.append(
                    Error(
                        f"{field}: references between business tables are Reference fields",
                        obj=field,
                        id="guanxi.E002",
                    )
                )
            if not within and isinstance(field, Reference):
                found.append(Error(f"{field}: a Reference stays in the company", obj=field, id="guanxi.E003"))
        if field.unique and not field.primary_key:
            found.append(
                Error(
                    f"{field}: unique within the company: use a UniqueConstraint", obj=field, id="guanxi.E004"
                )
            )
    for constraint in opts.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            begins = constraint.fields[:1] == ("tenant_id",) or (
                constraint.expressions and str(constraint.expressions[0]) == "F(tenant_id)"
            )
            if not begins:
                found.append(
                    Error(
                        f"{opts.label}.{constraint.name} must begin with tenant_id",
                        obj=model,
                        id="guanxi.E005",
                    )
                )
    found += [
        Error(f"{many}: many-to-many needs an explicit through model", obj=many, id="guanxi.E006")
        for many in opts.local_many_to_many
        if many.remote_field.through._meta.auto_created  # type: ignore[union-attr]
    ]
    return found
