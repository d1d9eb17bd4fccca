"""A member's mailbox, and the messages of it that are kept: those with people we know."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.channels.choices import Delivery, Direction, Method, Security, Standing
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, LEFT, Note

_UNSENT = models.Q(state__in=("queued", "sending", "failed", "unclear"))


class Mailbox(Note):
    """How one member's mailbox is reached, and how far it was read. Nobody but the member opens it.

    `secret` is the sealed password or refresh token, `token` the sealed access token that was made of it. `places`
    holds of each folder read `{"validity", "uid"}`. After a failure it rests until `rests_until`. `fact_only`: of its
    mail only that somebody wrote is kept. `never` are addresses and domains, one a line, whose mail is not kept.
    `asked_at` is when the reading that has not ended yet was asked for.
    """

    archived = LEFT

    member = Reference(Member, models.CASCADE, related_name="+", verbose_name=_("Member"), db_index=False)
    address = models.CharField(_("E-mail"), max_length=254)
    username = models.CharField(_("Sign-in name"), max_length=254)
    method = models.CharField(max_length=10, choices=Method, default=Method.PASSWORD)
    secret = models.TextField(default="")
    token = models.TextField(default="")
    token_until = models.DateTimeField(null=True)
    imap_host = models.CharField(max_length=253)
    imap_port = models.PositiveIntegerField(default=993)
    imap_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    smtp_host = models.CharField(max_length=253)
    smtp_port = models.PositiveIntegerField(default=465)
    smtp_security = models.CharField(max_length=10, choices=Security, default=Security.TLS)
    state = models.CharField(max_length=10, choices=Standing, default=Standing.WORKING)
    trouble = models.CharField(max_length=30, default="")
    detail = models.CharField(max_length=300, default="")
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    since = models.DateField()
    fact_only = models.BooleanField(default=False)
    never = models.TextField(default="")
    places = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "member"], name="mailbox_member")]

    def __str__(self) -> str:
        return self.address


class Message(Note):
    """One e-mail with somebody we know, kept once however many mailboxes hold it.

    `ref` is its Message-ID, `thread` that of the first of its thread, `refs` those of what it answers. `recipients`
    are `{"name", "mail", "as"}` with `as` to or cc. `text` is what was written, without `quotation` and `signature`.
    `meeting` is an invitation's `{"subject", "at", "until", "place", "cancelled"}`, `left_out` names the files that
    were not kept. `automatic`: nobody wrote it. `doubtful`: its sender could not be verified. `resource`, `record_id`
    say from which card it was written.
    """

    archived = KEPT
    archived_without = ("mailbox_id",)

    mailbox = Reference(Mailbox, models.SET_NULL, null=True, related_name="+", db_index=False)
    member = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Member"), db_index=False)
    ref = models.CharField(max_length=255)
    thread = models.CharField(max_length=255)
    refs = models.JSONField(default=list)
    direction = models.CharField(max_length=3, choices=Direction)
    sender = models.CharField(pgettext_lazy("e-mail", "From"), max_length=254)
    sender_name = models.CharField(max_length=200, default="")
    recipients = models.JSONField(default=list)
    subject = models.CharField(_("Subject"), max_length=500, default="")
    at = models.DateTimeField(pgettext_lazy("e-mail", "When"))
    text = models.TextField(pgettext_lazy("e-mail", "Text"), default="")
    quotation = models.TextField(default="")
    signature = models.TextField(default="")
    meeting = models.JSONField(null=True)
    left_out = models.JSONField(default=list)
    automatic = models.BooleanField(default=False)
    doubtful = models.BooleanField(default=False)
    fact_only = models.BooleanField(default=False)
    returned = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=Delivery, default=Delivery.STORED)
    trouble = models.CharField(max_length=30, default="")
    detail = models.CharField(max_length=300, default="")
    resource = models.CharField(max_length=60, default="")
    record_id = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "ref"], name="message_ref")]
        indexes = [
            models.Index(fields=["tenant_id", "thread", "at"], name="message_thread"),
            models.Index(fields=["tenant_id", "member", "at"], name="message_member"),
            models.Index(
                fields=["tenant_id", "resource", "record_id"], name="message_unsent", condition=_UNSENT
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.ref


class Mention(Note):
    """A known record behind an address of a message."""

    archived = KEPT

    message = Reference(Message, models.CASCADE, related_name="behind", db_index=False)
    address = models.CharField(max_length=254)
    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()

    class Meta:
        verbose_name = _("mention in an e-mail")
        verbose_name_plural = _("mentions in e-mails")
        indexes = [
            models.Index(fields=["tenant_id", "message"], name="mention_message"),
            models.Index(fields=["tenant_id", "resource", "record_id"], name="mention_record"),
            models.Index(fields=["tenant_id", "address"], name="mention_address"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id}"


class Hidden(Note):
    """A message that its member keeps to himself: a digest of its Message-ID, so that it is not stored again."""

    archived = LEFT

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("private e-mail")
        verbose_name_plural = _("private e-mails")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "digest"], name="hidden_digest")]

    def __str__(self) -> str:
        return "—"
