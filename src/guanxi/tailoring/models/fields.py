"""A company's own fields, their choices, and the narrow index that makes some of them quick."""

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.languages import later
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import DERIVED, KEPT, Note, Record


class OwnField(Record):
    """A field that a company added to a resource; its values lie in the records' `own` under `name`.

    `name` and `kind` never change. `settings` holds what only some kinds have: `places` and `unit` of numbers,
    `currency` of money, `to` (a resource's key) of links. `default` is an outside value, as a form would send it. A
    field is quick to filter by (`indexed`) or unique once `OwnIndex` says that its index is filled.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        LONG_TEXT = "long_text", _("Long text")
        NUMBER = "number", _("Number")
        MONEY = "money", _("Money")
        DATE = "date", _("Date")
        MOMENT = "moment", _("Date and time")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("One of a list")
        CHOICES = "choices", _("Several of a list")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        WEB = "web", _("Web address")
        MEMBER = "member", _("One of our people")
        RECORD = "record", _("A record")

    class State(models.TextChoices):
        ACTIVE = "active", _("In use")
        HIDDEN = "hidden", _("Hidden")
        RETIRED = "retired", _("Retired")

    resource = models.CharField(_("Records"), max_length=60)
    name = models.CharField(_("Name in the API"), max_length=40)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind)
    label_zh = models.CharField(_("Name in Chinese"), max_length=40, default="", blank=True)
    label_en = models.CharField(_("Name in English"), max_length=60, default="", blank=True)
    help = models.CharField(_("Help"), max_length=200, default="", blank=True)
    required = models.BooleanField(_("Must be filled in"), default=False)
    unique = models.BooleanField(_("No two records alike"), default=False)
    indexed = models.BooleanField(_("Quick to filter by"), default=False)
    searched = models.BooleanField(_("Found by the search"), default=False)
    listed = models.BooleanField(_("A column of the list"), default=False)
    personal = models.BooleanField(_("About a person"), default=False)
    asked = models.BooleanField(_("A question of qualification"), default=False, db_default=False)
    needed = models.BooleanField(_("Must be answered before"), default=False, db_default=False)
    default = models.JSONField(_("Default"), null=True, blank=True)
    settings = models.JSONField(_("Settings"), default=dict, blank=True)
    position = models.IntegerField(default=0)
    state = models.CharField(_("State"), max_length=8, choices=State, default=State.ACTIVE)

    class Meta:
        verbose_name = _("field of one's own")
        verbose_name_plural = _("fields of one's own")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "resource", "name"], name="own_field_name")
        ]

    def __str__(self) -> str:
        return self.shown_label

    @property
    def shown_label(self) -> str:
        """The label in the reader's language; the other one where there is none in it."""
        return shown(self.label_zh, self.label_en)

    @property
    def named(self) -> Promise:
        """Its label as it is now, in whichever language it is read."""
        zh, en = self.label_zh, self.label_en
        return later(lambda: shown(zh, en))

    @property
    def in_use(self) -> bool:
        return self.state != self.State.RETIRED

    @property
    def keeps_index(self) -> bool:
        """Whether its values stand in the narrow index too."""
        return self.unique or self.indexed


class OwnOption(Record):
    """One choice of an own field. `code` is what records hold, and never changes."""

    field = Reference(OwnField, models.CASCADE, related_name="options", verbose_name=_("Field"))
    code = models.CharField(_("Code"), max_length=40)
    label_zh = models.CharField(_("Name in Chinese"), max_length=60, default="", blank=True)
    label_en = models.CharField(_("Name in English"), max_length=60, default="", blank=True)
    position = models.IntegerField(default=0)
    retired = models.BooleanField(_("Retired"), default=False)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "field", "code"], name="own_option_code")]

    def __str__(self) -> str:
        return self.shown_label

    @property
    def shown_label(self) -> str:
        """The label in the reader's language; the other one where there is none in it."""
        return shown(self.label_zh, self.label_en)


class OwnIndex(Note):
    """How far the narrow index of a field is: kept up from when this row is there, `ready` once it holds all.

    `job` is the work that fills it. No reference holds the field: what
    follows from it must not stand in the way of its undo.
    """

    archived = KEPT

    field_id = models.UUIDField()
    ready = models.BooleanField(default=False)
    sole = models.BooleanField(default=False)  # whether it was filled for a unique field
    job = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "field_id"], name="own_index_field")]

    def __str__(self) -> str:
        return str(self.field_id)


class OwnValue(Note):
    """One value of one record in an indexed field: what row-level security can search with an index.

    One of `text`, `number` and `moment` holds it, by the field's kind; several choices have a row each. `sole` repeats
    it where no second record may have it. Written from the records' `own` in the transaction that writes them.
    """

    archived = DERIVED

    field_id = models.UUIDField()
    record_id = models.UUIDField()
    text = models.TextField(null=True)
    number = models.BigIntegerField(null=True)
    moment = models.DateTimeField(null=True)
    sole = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "field_id", "sole"], name="own_value_sole")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "record_id"], name="own_value_record"),
            models.Index(
                fields=["tenant_id", "field_id", "text", "record_id"],
                name="own_value_text",
                condition=Q(text__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "field_id", "number", "record_id"],
                name="own_value_number",
                condition=Q(number__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "field_id", "moment", "record_id"],
                name="own_value_moment",
                condition=Q(moment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} {self.record_id}"


class Stamp(Note):
    """Changes with every change of a company's fields and layouts: what was made of them is kept until then.

    A random value and not a count: a restored backup must not be taken for what was there before.
    """

    archived = KEPT

    mark = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="tailoring_stamp_one")]

    def __str__(self) -> str:
        return str(self.mark)


class Layout(Record):
    """The order of a resource's card and form, and what each leaves out.

    `sections` is a list of {"key", "zh", "en", "fields": [names]}: a declared section by its key, one of the company's
    own by "own" or a key that begins with "+"; empty titles are the declared ones. `off_card` and `off_form` are names
    of fields that are left out there; a section without fields is not drawn.
    """

    resource = models.CharField(_("Records"), max_length=60)
    sections = models.JSONField(_("Sections"), default=list)
    off_card = models.JSONField(_("Not on the card"), default=list)
    off_form = models.JSONField(_("Not in the form"), default=list)

    class Meta:
        verbose_name = _("layout")
        verbose_name_plural = _("layouts")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "resource"], name="layout_resource")]

    def __str__(self) -> str:
        return self.resource


def shown(zh: str, en: str) -> str:
    """Of a text that a company gave in one language or both, the one for the reader."""
    chinese = (get_language() or "zh").startswith("zh")
    return (zh or en) if chinese else (en or zh)
