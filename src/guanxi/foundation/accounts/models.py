import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.tenancy.fields import IdField, Reference
from guanxi.foundation.tenancy.models import Record


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A sign-in, valid in every company it is a member of. Signs in by name, e-mail or phone."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    id = IdField()
    username = models.CharField(_("sign-in name"), max_length=150, unique=True)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True, null=True, blank=True)
    phone = models.CharField(_("mobile"), max_length=20, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the names one signs in with in the one form they are looked up by."""
        self.username = unicodedata.normalize("NFKC", self.username).strip().lower()
        self.email = self.email.strip().lower() or None if self.email else None
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """Set the password in one Unicode form (NIST 800-63B): Chinese keyboards type wide digits too."""
        super().set_password(None if raw_password is None else unicodedata.normalize("NFKC", raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password, in whatever width it was typed."""
        return super().check_password(unicodedata.normalize("NFKC", raw_password or ""))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Rights belong to members, never to accounts."""
        return False


class Department(Record):
    """A node of the company's tree. Small (at most some hundreds), so the tree is walked in memory."""

    name = models.CharField(_("name"), max_length=100)
    parent = Reference(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    head = Reference(
        "Member", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("head")
    )
    position = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "parent", "name"], name="department_name", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class Member(Record):
    """A person of one company. Without an account they cannot sign in (imported, or left)."""

    archived_without = ("account_id",)

    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    name_sort = models.CharField(max_length=200, default="", editable=False)
    department = Reference(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("department"),
    )
    superior = Reference(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("superior")
    )
    title = models.CharField(_("job title"), max_length=100, default="", blank=True)
    email = models.EmailField(_("e-mail"), default="", blank=True)
    phone = models.CharField(_("phone"), max_length=40, default="", blank=True)
    number = models.CharField(_("employee number"), max_length=40, default="", blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account"],
                name="member_account",
                condition=models.Q(account__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "number"], name="member_number", condition=~models.Q(number="")
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "name_sort", "id"], name="member_name_sort")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Still works here."""
        return self.left_on is None


class SecurityEvent(models.Model):
    """What happened to a sign-in: when, from where. Global, as accounts are; only added to and read."""

    id = IdField()
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="security_event_account")]

    def __str__(self) -> str:
        return self.kind


class Counter(models.Model):
    """What throttling remembers, until it expires: attempts per address and account, codes already used."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
