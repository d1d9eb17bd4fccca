"""Saved views of lists: whose they are, who else has them, which one opens by itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Record


class SavedView(Record):
    """A list as somebody wants to see it again.

    `query` is the address it stands for, as `resource.viewing.canonical` writes it: filter, text, order, columns,
    widths, density. A field that was retired or hidden since stays in it and is left out when the view is opened.
    """

    resource = models.CharField(_("Records"), max_length=60)
    name = models.CharField(_("Name"), max_length=60)
    owner = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Owner"))
    query = models.TextField(_("Content"), default="", blank=True, max_length=20000)
    everyone = models.BooleanField(_("Shared with everyone"), default=False)

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        indexes = [models.Index(fields=["tenant_id", "resource", "name", "id"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name


class ViewShare(Record):
    """One person or one role that a view is shared with."""

    view = Reference(SavedView, models.CASCADE, related_name="shares", verbose_name=_("view"))
    member = Reference(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Person")
    )
    role = Reference(Role, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("role"))

    class Meta:
        verbose_name = _("sharing of a view")
        verbose_name_plural = _("sharings of views")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) ^ models.Q(role__isnull=True), name="view_share_one"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "view", "member", "role"], name="view_share", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.member_id or self.role_id)


class RoleStart(Record):
    """The view that a list opens with for whoever holds a role and has chosen none himself."""

    resource = models.CharField(_("Records"), max_length=60)
    role = Reference(Role, models.CASCADE, related_name="+", verbose_name=_("role"))
    view = Reference(SavedView, models.CASCADE, related_name="+", verbose_name=_("view"))

    class Meta:
        verbose_name = _("first view of a role")
        verbose_name_plural = _("first views of roles")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "resource", "role"], name="role_start_role")
        ]

    def __str__(self) -> str:
        return self.resource


class ViewChoice(Record):
    """What one person chose for one list: the view it opens with, and the order of its tabs.

    `start` is a view's id, "all", or "" for what his role opens with; `order` lists ids of views. An id of a view that
    is gone means nothing.
    """

    resource = models.CharField(_("Records"), max_length=60)
    member = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Person"))
    start = models.CharField(_("Opens with"), max_length=36, default="", blank=True)
    order = models.JSONField(_("Order of views"), default=list, blank=True)

    class Meta:
        verbose_name = _("choice of views")
        verbose_name_plural = _("choices of views")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "resource", "member"], name="view_choice_member")
        ]

    def __str__(self) -> str:
        return self.resource
