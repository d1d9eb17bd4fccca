"""Read models over the tables that `tenancy/sql/ledger.sql` makes; Django does not manage them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.languages import for_reader
from guanxi.foundation.tenancy.fields import IdField, TenantField

# Key in an operation's summary: its label in each language, where the label is of our words.
SAID = "said"


class Operation(models.Model):
    """Everything one act did: an edit, an import of a million rows, a merge, an undo."""

    tenant_id = TenantField(ledger=False)
    id = IdField()
    at = models.DateTimeField(_("when"), auto_now_add=True)
    actor_id = models.UUIDField(null=True)
    door = models.TextField(_("door"))
    verb = models.TextField(_("act"))
    record_id = models.UUIDField(null=True)
    label = models.TextField(default="")
    summary = models.JSONField(default=dict)
    request_id = models.TextField(default="")
    undoes_id = models.UUIDField(null=True)
    undone_by_id = models.UUIDField(null=True)

    class Meta:
        managed = False
        db_table = "ledger_operation"

    def __str__(self) -> str:
        return f"{self.verb} {self.label}".strip()

    @property
    def shown_label(self) -> str:
        """What it was done to, in the reader's language where the words are ours."""
        return for_reader(self.summary.get(SAID), self.label)


class Change(models.Model):
    """One row's change: the whole row for an insert (`new`) or delete (`old`), else the changed columns."""

    INSERT, UPDATE, DELETE = "I", "U", "D"

    tenant_id = TenantField(ledger=False)
    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    operation_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    door = models.TextField()
    table_name = models.TextField()
    row_id = models.UUIDField()
    action = models.TextField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    schema = models.IntegerField()

    class Meta:
        managed = False
        db_table = "ledger_change"

    def __str__(self) -> str:
        return f"{self.action} {self.table_name} {self.row_id}"


class SchemaChange(models.Model):
    """A business table changed shape; its id is the schema version that later images carry."""

    id = models.IntegerField(primary_key=True)
    at = models.DateTimeField()
    table_name = models.TextField()
    kind = models.TextField()
    column_name = models.TextField()
    becomes = models.TextField()

    class Meta:
        managed = False
        db_table = "ledger_schema_change"

    def __str__(self) -> str:
        return f"{self.table_name} {self.kind} {self.column_name}"
