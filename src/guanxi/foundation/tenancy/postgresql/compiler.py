"""The first wall: every statement on a business table carries the company, or does not run."""

from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql import compiler
from django.db.models.sql.datastructures import BaseTable, Join
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


def walled(connection: Any) -> bool:
    """Whether the connection is the application's; the owner's is outside the first wall by intent."""
    return bool(connection.walled)


def _conditions(query: Any) -> list[Any]:
    found = []
    for alias, table in query.alias_map.items():
        if isinstance(table, BaseTable) and query.alias_refcount.get(alias):
            field: Any = business_tables().get(str(table.table_name))
            if field is not None:
                column: Any = Col(alias, field)
                found.append(Exact(column, _required_tenant(table.table_name)))
        elif isinstance(table, Join) and query.alias_refcount.get(alias):
            _prove_join(query, table)
    return found


def _prove_join(query: Any, join: Join) -> None:
    """A business table is joined over a Reference only: from there the company comes along.

    Raises NoScope for a join from a table outside the wall, which Django makes of a hidden reverse relation.
    """
    if (
        join.table_name in business_tables()
        and query.alias_map[join.parent_alias].table_name not in business_tables()
    ):
        raise NoScope("unguarded_join", {"table": join.table_name})


class SQLCompiler(compiler.SQLCompiler):
    def collapse_group_by(self, expressions: Any, having: Any) -> Any:
        """Django groups by a primary key alone and lets the other columns follow; ours has two columns."""
        collapsed = super().collapse_group_by(expressions, having)
        found = list(collapsed)
        for expression in collapsed:
            if isinstance(expression, Col) and expression.target.primary_key:
                field = business_tables().get(expression.target.model._meta.db_table)
                if field is not None:
                    found.append(Col(expression.alias, field))
        return found

    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        result = super().pre_sql_setup(with_col_aliases)
        if walled(self.connection):
            conditions = _conditions(self.query)
            if conditions:
                where: Any = getattr(self, "where", None)
                rest = [where] if where is not None and where.children else []
                self.where = WhereNode([*conditions, *rest], connector=AND)
        return result


class SQLAggregateCompiler(compiler.SQLAggregateCompiler):
    pass


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    def as_sql(self) -> Any:  # type: ignore[override]
        query: Any = self.query
        opts = query.get_meta()
        field = business_tables().get(opts.db_table)
        if walled(self.connection) and field is not None:
            _required_tenant(opts.db_table)
            if query.unique_fields and field not in query.unique_fields:
                # Every unique rule of a business table begins with the company.
                query.unique_fields = [field, *query.unique_fields]
        return super().as_sql()


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):
    def pre_sql_setup(self) -> Any:  # type: ignore[override]
        super().pre_sql_setup()
        if walled(self.connection):
            for condition in _conditions(self.query):
                self.query.where.add(condition, AND)


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):
    def _as_sql(self, query: Any) -> Any:
        if walled(self.connection):
            query.get_initial_alias()
            for condition in _conditions(query):
                query.where.add(condition, AND)
        return super()._as_sql(query)  # type: ignore[misc]
