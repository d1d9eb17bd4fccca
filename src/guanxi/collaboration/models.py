from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.choices import Colour, Telling
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note, Record


class Comment(Record):
    """What somebody said on a record, whose key and id it holds.

    `mentions` are `{"id", "name", "told"}`: the member, the name as it was written, and whether he could see the
    record when he was mentioned.
    """

    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    author = Reference(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("Author"))
    text = models.TextField(_("Comment"), max_length=20000)
    mentions = models.JSONField(_("Mentioned"), default=list)
    edited_at = models.DateTimeField(_("edited"), null=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [
            models.Index(
                fields=["tenant_id", "resource", "record_id", "created_at", "id"], name="comment_record"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Tag(Record):
    """A word that records of every kind can bear. `name_key` is what two names are compared by."""

    name = models.CharField(_("Tag"), max_length=40)
    colour = models.CharField(_("Colour"), max_length=10, choices=Colour, default="", blank=True)
    name_key = models.CharField(max_length=40, editable=False)
    name_sort = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name_key"], name="tag_name")]
        indexes = [models.Index(fields=["tenant_id", "name_sort", "id"], name="tag_name_sort")]

    def __str__(self) -> str:
        return self.name


class Tagging(Record):
    """A record bears a tag."""

    tag = Reference(Tag, models.CASCADE, related_name="taggings", verbose_name=_("Tag"), db_index=False)
    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()

    class Meta:
        verbose_name = _("tag on a record")
        verbose_name_plural = _("tags on records")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "resource", "record_id", "tag"], name="tagging_record_tag"
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "tag", "resource", "record_id"], name="tagging_tag")]

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id}"


class Follow(Note):
    """A member wants to hear of a record (`on`), or does not although he answers for it.

    Nobody else's business, and nothing that could be lost: no part of the ledger. Who answers for a record
    follows it without a row, as long as his settings say so.
    """

    archived = KEPT

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    on = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "member", "resource", "record_id"], name="follow_member_record"
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "record_id", "member"], name="follow_record")]

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id}"


class FollowSettings(Note):
    """How a member wants to be told; without a row, as the defaults say."""

    archived = KEPT

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    telling = models.CharField(max_length=12, choices=Telling, default=Telling.AT_ONCE)
    mail = models.BooleanField(default=False)
    own = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("settings of following")
        verbose_name_plural = _("settings of following")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "member"], name="follow_settings_member")]

    def __str__(self) -> str:
        return self.telling


class Pulse(Note):
    """How far a company's followers have been told: up to which moment, and the last day that was summed up."""

    archived = KEPT

    told_until = models.DateTimeField()
    summed_up = models.DateField()

    class Meta:
        verbose_name = _("how far followers were told")
        verbose_name_plural = _("how far followers were told")
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="pulse_company")]

    def __str__(self) -> str:
        return self.told_until.isoformat()
