import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Note


class ApiToken(Note):
    """A personal key to the API: one member of one company, never more rights than that member has.

    Only the hash is stored; `mark` is how the person tells tokens apart. `codes` limits it to some permission
    codes, joined by commas; "" means all that the member holds. `window` and `used` count the calls of the
    running minute. All of it is bookkeeping: what a token did stands in the ledger under its member.
    """

    member = Reference(Member, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    hash = models.CharField(max_length=64, editable=False)
    mark = models.CharField(max_length=12, editable=False)
    may_write = models.BooleanField(_("may change data"), default=False)
    codes = models.TextField(default="", blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    window = models.BigIntegerField(default=0)
    used = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        indexes = [models.Index(fields=["tenant_id", "member", "created_at"], name="api_token_member")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())


class KeptAnswer(Note):
    """What was answered to a request with an `Idempotency-Key`: a replay gets it again for a day.

    Written in the transaction of the change, so that one is there exactly where the other is.
    """

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id", "caller", "key"], name="kept_answer_key")]
        indexes = [models.Index(fields=["tenant_id", "created_at"], name="kept_answer_created")]

    def __str__(self) -> str:
        return self.key


def hash_of(secret: str) -> str:
    """How a token is stored and looked up. Tokens are 256 random bits: a fast hash is safe for them."""
    return hashlib.sha256(secret.encode()).hexdigest()
