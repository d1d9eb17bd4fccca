"""The first wall: every statement on a business table carries the company, or does not run."""

from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql import compiler
from django.db.models.sql.datastructures import BaseTable
from django.db.models.sql.where import AND, WhereNode

from guanxi.foundation.tenancy.fields import TenantField, tenant_field
from guanxi.foundation.tenancy.scope import current_scope
from guanxi.kernel.errors import NoScope


@cache
def business_tables() -> dict[str, TenantField]:
    """Table name → its TenantField, for every model of the running project."""
    found: dict[str, TenantField] = {}
    for model in apps.get_models(include_auto_created=True):
        field = tenant_field(model)
        if field is not None:
            found[model._meta.db_table] = field
    return found


def _required_tenant(table: str) -> UUID:
    current = current_scope()
    if current is None:
        raise NoScope("no_scope", {"table": table})
    return current.tenant_id


def _conditions(query: Any) -> list[Exact]:
    found = []
    for alias, table in query.alias_map.items():
        if isinstance(table, BaseTable) and query.alias_refcount.get(alias):
            field = business_tables().get(table.table_name)
            if field is not None:
                found.append(Exact(Col(alias, field), _required_tenant(table.table_name)))
    return found


class SQLCompiler(compiler.SQLCompiler):
    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        result = super().pre_sql_setup(with_col_aliases)
        if self.connection.walled:
            conditions = _conditions(self.query)
            if conditions:
                rest = [self.where] if self.where is not None and self.where.children else []
                self.where = WhereNode([*conditions, *rest], connector=AND)
        return result


class SQLAggregateCompiler(compiler.SQLAggregateCompiler):
    pass


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    def as_sql(self) -> Any:
        opts = self.query.get_meta()
        field = business_tables().get(opts.db_table)
        if self.connection.walled and field is not None:
            _required_tenant(opts.db_table)
            if self.query.unique_fields and field not in self.query.unique_fields:
                # Every unique rule of a business table begins with the company.
                self.query.unique_fields = [field, *self.query.unique_fields]
        return super().as_sql()


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):
    def pre_sql_setup(self) -> Any:  # type: ignore[override]
        super().pre_sql_setup()
        if self.connection.walled:
            for condition in _conditions(self.query):
                self.query.where.add(condition, AND)


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):
    def _as_sql(self, query: Any) -> Any:
        if self.connection.walled:
            query.get_initial_alias()
            for condition in _conditions(query):
                query.where.add(condition, AND)
        return super()._as_sql(query)
