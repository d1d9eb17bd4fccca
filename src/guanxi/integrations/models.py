import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, LEFT, Note


class ApiToken(Note):
    """A key to the API: it acts as one member of one company, never with more rights than that member has.

    A personal token is made by the member himself, an application's by an administrator (`made_by`), for a
    member who may have no sign-in. Only the hash is stored; `mark` is how people tell tokens apart. `scopes`
    limits it to areas, "customers:read customers:write"; "" means all that the member holds. `window` and
    `used` count the calls of the running minute. All of it is bookkeeping: what a token did stands in the
    ledger under its member, and its calls in `ApiRequest`.
    """

    archived = LEFT

    class Purpose(models.TextChoices):
        PERSONAL = "personal", _("Personal")
        APPLICATION = "application", _("Application")

    member = Reference(Member, models.CASCADE, related_name="+")
    made_by = Reference(Member, models.CASCADE, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.PERSONAL)
    name = models.CharField(_("name"), max_length=100)
    hash = models.CharField(max_length=64, editable=False)
    mark = models.CharField(max_length=12, editable=False)
    may_write = models.BooleanField(_("may change data"), default=False)
    scopes = models.TextField(default="", blank=True)
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

    @property
    def is_application(self) -> bool:
        """Made for a program of the company's, not for a person's own use."""
        return self.purpose == self.Purpose.APPLICATION


class ApiRequest(Note):
    """One call of a token, kept for 30 days. The path is without its query, which may hold names."""

    archived = LEFT

    token = Reference(ApiToken, models.CASCADE, related_name="+")
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    status = models.SmallIntegerField()
    ms = models.IntegerField()
    ip = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, default="")

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "token", "created_at", "id"], name="api_request_token"),
            models.Index(fields=["tenant_id", "created_at"], name="api_request_created"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class KeptAnswer(Note):
    """What was answered to a request with an `Idempotency-Key`: a replay gets it again for a day; to a form of a page,
    of which no page is kept, for 30.

    Written in the transaction of the change, so that one is there exactly where the other is.
    """

    archived = LEFT

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


class ColumnMemory(Note):
    """What the columns of a file became when one with such a head was last imported, header to field, and what
    somebody said that values meant, by header.

    `signature` is the folded head in alphabetical order, hashed: the same columns in another order are the same.
    """

    archived = KEPT

    resource = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)
    meanings = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "resource", "signature"], name="column_memory_head")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.signature[:8]}"


class ExportPlan(Note):
    """A list that leaves as a file again and again, for the member who asked for it and with that member's rights.

    `query` is a list's address, or `view=` and the key of a saved view, as it is at that time. `day` counts from 1:
    of a week from Monday, of a month its day (its last where it is shorter). `hour` is the company's. `stopped` is
    why it runs no more, "" where it does. Bookkeeping: what it did stands in its jobs.
    """

    archived = KEPT

    class Every(models.TextChoices):
        DAY = "day", _("Every day")
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")

    owner = Reference(Member, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    resource = models.CharField(max_length=60)
    query = models.TextField(default="", db_default="", blank=True)
    format = models.CharField(max_length=12)
    every = models.CharField(max_length=6, choices=Every)
    day = models.PositiveSmallIntegerField(default=1, db_default=1)
    hour = models.PositiveSmallIntegerField()
    keep_days = models.PositiveSmallIntegerField()
    paused = models.BooleanField(default=False, db_default=False)
    stopped = models.TextField(default="", db_default="", blank=True)
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("regular export")
        verbose_name_plural = _("regular exports")
        indexes = [
            models.Index(fields=["tenant_id", "owner"], name="export_plan_owner"),
            models.Index(fields=["tenant_id", "due_at"], name="export_plan_due"),
        ]

    def __str__(self) -> str:
        return self.name


def hash_of(secret: str) -> str:
    """How a token is stored and looked up. Tokens are 256 random bits: a fast hash is safe for them."""
    return hashlib.sha256(secret.encode()).hexdigest()


class RegistryAccount(Note):
    """The company's account at a registry of companies; one row at most. The key is sealed.

    `failures` in a row are counted; `rests_until` is when it is asked again.
    """

    archived = LEFT

    url = models.CharField(max_length=300, default="", db_default="")
    key = models.TextField(default="", db_default="")
    failures = models.SmallIntegerField(default=0, db_default=0)
    rests_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant_id"], name="registry_account_one")]

    def __str__(self) -> str:
        return self.url


class RegistryCall(Note):
    """One question to a registry, kept for 90 days; `error` is a code of its client, "" where it was answered."""

    archived = KEPT

    member = Reference(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    act = models.CharField(max_length=10)
    asked = models.CharField(max_length=200, default="", db_default="")
    error = models.CharField(max_length=20, default="", db_default="")
    detail = models.CharField(max_length=200, default="", db_default="")
    tries = models.SmallIntegerField(default=0, db_default=0)
    status = models.SmallIntegerField(default=0, db_default=0)
    ms = models.IntegerField(default=0, db_default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=4, default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "created_at", "id"], name="registry_call_created")]

    def __str__(self) -> str:
        return f"{self.act} {self.asked}"
