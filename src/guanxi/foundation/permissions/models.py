from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.languages import later
from guanxi.foundation.permissions.codes import in_readers_language
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Record


class Reach(models.TextChoices):
    """Whose records a code covers; each one includes those before it."""

    OWN = "own", _("Own records")
    DEPARTMENT = "department", _("Own department")
    BELOW = "below", _("Department and below")
    ALL = "all", _("Whole company")


class Role(Record):
    """A bundle of grants. Ready-made roles have a code and get the grants of new parts at an upgrade."""

    code = models.CharField(max_length=40, default="", blank=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    note = models.CharField(_("description"), max_length=300, default="", blank=True)
    position = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "name"], name="role_name"),
            models.UniqueConstraint(
                fields=["tenant_id", "code"], name="role_code", condition=~models.Q(code="")
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What the reader calls it: a ready-made role is stored in one language and read in several."""
        return in_readers_language(self.code, self.name, self.note)[0]

    @property
    def named(self) -> Promise:
        """Its name as it is now, in whichever language it is read."""
        code, name, note = self.code, self.name, self.note
        return later(lambda: in_readers_language(code, name, note)[0])

    @property
    def shown_note(self) -> str:
        """Its description, likewise."""
        return in_readers_language(self.code, self.name, self.note)[1]


class Grant(Record):
    """A role may do this, on these people's records."""

    role = Reference(Role, models.CASCADE, related_name="grants")
    code = models.CharField(max_length=100)
    reach = models.CharField(max_length=12, choices=Reach, default=Reach.OWN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "role", "code"], name="grant_code")]

    def __str__(self) -> str:
        return f"{self.code}:{self.reach}"


class FieldRule(Record):
    """For this role a field of a resource is hidden, masked or read-only."""

    class Mode(models.TextChoices):
        READ_ONLY = "read_only", _("Read only")
        MASK = "mask", _("Masked")
        HIDE = "hide", _("Hidden")

    role = Reference(Role, models.CASCADE, related_name="field_rules")
    resource = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    mode = models.CharField(max_length=12, choices=Mode)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "role", "resource", "field"], name="field_rule_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource}.{self.field}:{self.mode}"


class Assignment(Record):
    """A member has a role."""

    member = Reference(Member, models.CASCADE, related_name="assignments")
    role = Reference(Role, models.PROTECT, related_name="assignments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "member", "role"], name="assignment_role")
        ]

    def __str__(self) -> str:
        return f"{self.member_id}:{self.role_id}"
