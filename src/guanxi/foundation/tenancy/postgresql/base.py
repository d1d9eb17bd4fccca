from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations

from guanxi.foundation.tenancy.postgresql.schema import SchemaEditor


class DatabaseOperations(PostgresOperations):
    compiler_module = "guanxi.foundation.tenancy.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """``walled`` is true for the application role; the owner connection (migrations, cross-company jobs) is not."""

    SchemaEditorClass = SchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.walled: bool = settings_dict.get("WALLED", True)
