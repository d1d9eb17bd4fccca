"""What the row of an entity has beside its own columns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.tenancy.fields import KeyedField
from guanxi.foundation.tenancy.models import LEFT, Note, Record


class Entity(Record):
    """Abstract: a business row that a declaration describes.

    `own` holds the values of the company's own fields by their name (`x_…`), as `Kind.pack` writes them; a field
    without a value has no key. Only `resource.writing` writes it.
    """

    own = KeyedField(_("Fields of one's own"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


class Fact(Record):
    """What the context `by` states of a record (resource key, id) under a name: one value, in the column that fits.

    `resource.facts` says what it is for and is the only one to write it. The columns are those that row-level
    security can use an index for.
    """

    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    name = models.CharField(_("fact"), max_length=60)
    text = models.CharField(_("value"), max_length=300, null=True)
    number = models.BigIntegerField(_("value"), null=True)
    moment = models.DateTimeField(_("value"), null=True)
    by = models.CharField(_("stated by"), max_length=60)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "resource", "record_id", "name"], name="fact_once")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "resource", "name", column], name=f"fact_{column}")
            for column in ("text", "number", "moment")
        ]

    def __str__(self) -> str:
        return self.name


class Merger(Record):
    """A record that was made part of another: `gone` was, by the name it had, and `record_id` is what it belongs to
    now. Goes with the undo of the merging; `resource.merging` is the only one to write it."""

    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    gone = models.UUIDField()
    name = models.CharField(_("name"), max_length=300)

    class Meta:
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        indexes = [
            models.Index(fields=["tenant_id", "resource", "record_id"], name="merger_record"),
            models.Index(fields=["tenant_id", "gone"], name="merger_gone"),
        ]

    def __str__(self) -> str:
        return self.name


class Moved(Note):
    """A row outside the ledger that came to another record by a merging: what the ledger does not bring back is put
    back by this. `resource.moved` is the only one to write it."""

    archived = LEFT

    operation = models.UUIDField()
    table_name = models.CharField(max_length=63)
    column_name = models.CharField(max_length=63)
    row_id = models.UUIDField()
    former = models.UUIDField()
    into = models.UUIDField()

    class Meta:
        verbose_name = _("moved row")
        verbose_name_plural = _("moved rows")
        indexes = [models.Index(fields=["tenant_id", "operation"], name="moved_operation")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"
