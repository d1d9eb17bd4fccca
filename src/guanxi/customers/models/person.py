from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import Channel, Language, Sex
from guanxi.customers.models.customer import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class Person(Entity):
    """A human being, independent of any one customer.

    `customer`, `department` and `post` say where the person works now: what the main affiliation says, kept beside
    it by the services so that lists need no join. `name_key` is what two persons' names are compared by, `name_sort`
    the stored pinyin key, surname first.
    """

    name = models.CharField(_("Name"), max_length=100)
    customer = Reference(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Works at"),
        db_index=False,
    )
    department = models.CharField(_("Their department"), max_length=100, default="", blank=True)
    post = models.CharField(_("Post"), max_length=100, default="", blank=True)
    phone = models.CharField(_("Phone"), max_length=60, default="", blank=True)
    email = models.CharField(_("E-mail"), max_length=200, default="", blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, default="", blank=True)
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex, default="", blank=True)
    born = models.DateField(_("Born on"), null=True, blank=True)
    born_lunar = models.BooleanField(_("Birthday by the lunar calendar"), default=False, db_default=False)
    # Month and day of `born`, by the solar and by the lunar calendar: what coming birthdays are found by.
    born_day = models.CharField(max_length=4, default="", db_default="", editable=False)
    born_moon = models.CharField(max_length=4, default="", db_default="", editable=False)
    language = models.CharField(_("Language"), max_length=8, choices=Language, default="", blank=True)
    channel = models.CharField(_("Preferred channel"), max_length=10, choices=Channel, default="", blank=True)
    other_names = models.CharField(_("Other names"), max_length=200, default="", blank=True)
    number = models.CharField(_("External number"), max_length=60, default="", blank=True)
    # No index of its own: those that begin with the owner serve it.
    owner = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Owner"),
        db_index=False,
    )
    remarks = models.TextField(_("Remarks"), default="", blank=True, max_length=20000)
    name_key = models.CharField(max_length=100, editable=False)
    name_sort = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("contact", "person")
        verbose_name_plural = pgettext_lazy("contact", "people")
        indexes = [
            models.Index(fields=["tenant_id", "name_sort", "id"], name="person_name_sort"),
            models.Index(fields=["tenant_id", "created_at", "id"], name="person_created"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="person_updated"),
            models.Index(fields=["tenant_id", "owner", "name_sort", "id"], name="person_owner_name"),
            models.Index(fields=["tenant_id", "owner", "updated_at", "id"], name="person_owner_updated"),
            models.Index(fields=["tenant_id", "customer", "name_sort", "id"], name="person_customer"),
            models.Index(fields=["tenant_id", "name_key"], name="person_name_key"),
            models.Index(fields=["tenant_id", "phone"], name="person_phone", condition=~models.Q(phone="")),
            models.Index(
                fields=["tenant_id", "number"], name="person_number", condition=~models.Q(number="")
            ),
            models.Index(
                fields=["tenant_id", "born_day"], name="person_born_day", condition=~models.Q(born_day="")
            ),
            # Few keep it by the lunar calendar.
            models.Index(
                fields=["tenant_id", "born_moon"],
                name="person_born_moon",
                condition=models.Q(born_lunar=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(Entity):
    """A person's position at a customer, with dates: who changes jobs keeps the story.

    `main` is where the person is to be found now; a person has at most one, and none that has ended.
    """

    main_of = "person"  # read where customers are made one: their people's main positions stay so

    person = Reference(
        Person,
        models.CASCADE,
        related_name="affiliations",
        verbose_name=pgettext_lazy("contact", "Person"),
        db_index=False,
    )
    customer = Reference(
        Customer, models.CASCADE, related_name="affiliations", verbose_name=_("Customer"), db_index=False
    )
    department = models.CharField(_("Their department"), max_length=100, default="", blank=True)
    post = models.CharField(_("Post"), max_length=100, default="", blank=True)
    since = models.DateField(pgettext_lazy("position", "Since"), null=True, blank=True)
    until = models.DateField(pgettext_lazy("position", "Until"), null=True, blank=True)
    main = models.BooleanField(_("Main position"), default=False)

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        indexes = [
            models.Index(fields=["tenant_id", "person", "customer"], name="affiliation_person"),
            models.Index(fields=["tenant_id", "customer", "person"], name="affiliation_customer"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="affiliation_updated"),
        ]

    def __str__(self) -> str:
        return self.post or self.department or "—"
