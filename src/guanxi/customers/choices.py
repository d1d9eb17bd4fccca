"""The default lists of a customer's fields (rule book, "Default lists")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Relation(models.TextChoices):
    """As what we deal with them; several at once are possible."""

    CUSTOMER = "customer", _("Customer")
    DISTRIBUTOR = "distributor", _("Distributor")
    SUPPLIER = "supplier", _("Supplier")
    PARTNER = "partner", _("Partner")
    COMPETITOR = "competitor", _("Competitor")
    BANK = "bank", _("Bank")
    GOVERNMENT = "government", _("Government body")
    INTERNAL = "internal", _("Own unit")


class Grade(models.TextChoices):
    """Importance, set by people."""

    A = "A", _("A key")
    B = "B", _("B ordinary")
    C = "C", _("C general")
    D = "D", _("D watched")


class Source(models.TextChoices):
    """Where the customer came from."""

    EXHIBITION = "exhibition", _("Exhibition")
    REFERRAL = "referral", _("Referral")
    SEARCH = "search", _("Search engine")
    ADVERTISEMENT = "advertisement", _("Advertisement")
    WEB_ENQUIRY = "web_enquiry", _("Web enquiry")
    PHONE = "phone", _("Phone enquiry")
    EMAIL = "email", _("E-mail enquiry")
    COLD_CALL = "cold_call", _("Cold call")
    WALK_IN = "walk_in", _("Walk-in")
    DISTRIBUTOR = "distributor", _("Through a distributor")
    OLD_CUSTOMER = "old_customer", _("Old customer")


class Size(models.TextChoices):
    """Company size by staff."""

    UNDER_20 = "1", _("fewer than 20")
    TO_99 = "20", _("20–99")
    TO_499 = "100", _("100–499")
    TO_999 = "500", _("500–999")
    TO_9999 = "1000", _("1,000–9,999")
    ABOVE = "10000", _("10,000 and more")


class Sex(models.TextChoices):
    """A person's sex, as far as it is known."""

    MALE = "m", _("Male")
    FEMALE = "f", _("Female")


class Language(models.TextChoices):
    """The language in which to speak and write to a person."""

    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", pgettext_lazy("language", "English")
    JAPANESE = "ja", _("Japanese")
    KOREAN = "ko", _("Korean")
    GERMAN = "de", _("German")
    FRENCH = "fr", _("French")
    SPANISH = "es", _("Spanish")
    RUSSIAN = "ru", _("Russian")
    ARABIC = "ar", _("Arabic")
    OTHER = "other", _("Another")


class Channel(models.TextChoices):
    """How a person likes to be reached."""

    PHONE = "phone", _("By phone")
    WECHAT = "wechat", _("By WeChat")
    EMAIL = "email", _("By e-mail")
    SMS = "sms", _("By SMS")
    VISIT = "visit", _("In person")


class CustomerKind(models.TextChoices):
    """Whether a firm or body, or one human being."""

    ORGANISATION = "organisation", _("Organisation")
    INDIVIDUAL = "individual", _("Individual")


class Category(models.TextChoices):
    """What they do with what they buy."""

    END_USER = "end_user", _("End user")
    OEM = "oem", _("OEM")
    INTEGRATOR = "integrator", _("Integrator")
    TRADER = "trader", _("Trader")
    PROJECT = "project", _("Project contractor")


class PaymentMethod(models.TextChoices):
    """By what they usually pay."""

    TRANSFER = "transfer", _("Bank transfer")
    BANK_BILL = "bank_bill", _("Bank bill")
    COMMERCIAL_BILL = "commercial_bill", _("Commercial bill")
    LETTER_OF_CREDIT = "letter_of_credit", _("Letter of credit")
    WECHAT = "wechat", pgettext_lazy("payment", "WeChat")
    ALIPAY = "alipay", _("Alipay")
    DIGITAL_YUAN = "digital_yuan", _("Digital yuan")
    CASH = "cash", _("Cash")
    CHEQUE = "cheque", _("Cheque")


class Registration(models.TextChoices):
    """How a company stands in the register."""

    ACTIVE = "active", _("In operation")
    REVOKED = "revoked", _("Licence revoked")
    DEREGISTERED = "deregistered", _("Deregistered")
    MOVED = "moved", _("Moved out")
    SUSPENDED = "suspended", _("Suspended")
    LIQUIDATION = "liquidation", _("In liquidation")


class CreditRating(models.TextChoices):
    """What finance thinks of their credit, the best first."""

    AAA = "AAA", "AAA"
    AA = "AA", "AA"
    A = "A", "A"
    BBB = "BBB", "BBB"
    BB = "BB", "BB"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class Currency(models.TextChoices):
    """The currencies that capital and yearly amounts are given in."""

    CNY = "CNY", _("Renminbi")
    USD = "USD", _("US dollar")
    EUR = "EUR", _("Euro")
    JPY = "JPY", _("Yen")
    HKD = "HKD", _("Hong Kong dollar")
    GBP = "GBP", _("Pound sterling")
    TWD = "TWD", _("New Taiwan dollar")
    KRW = "KRW", _("Won")
    SGD = "SGD", _("Singapore dollar")
    MYR = "MYR", _("Ringgit")
    THB = "THB", _("Baht")
    VND = "VND", _("Dong")
    INR = "INR", _("Indian rupee")
    RUB = "RUB", _("Rouble")
    AED = "AED", _("Dirham of the Emirates")
    KWD = "KWD", _("Kuwaiti dinar")
    AUD = "AUD", _("Australian dollar")
    CAD = "CAD", _("Canadian dollar")
    CHF = "CHF", _("Swiss franc")


class Answer(models.TextChoices):
    """What somebody said of two records that may be the same."""

    OPEN = "open", _("Not decided")
    SAME = "same", _("The same")
    DIFFERENT = "different", _("Two of them")
    BRANCH = "branch", _("One belongs to the other")
    MERGED = "merged", _("Merged")


class AddressUse(models.TextChoices):
    """What an address is for."""

    REGISTERED = "registered", pgettext_lazy("address", "Registered")
    OFFICE = "office", pgettext_lazy("address", "Office")
    DELIVERY = "delivery", pgettext_lazy("address", "Delivery")
    INVOICE = "invoice", pgettext_lazy("address", "Invoices")
    OTHER = "other", pgettext_lazy("address", "Other")


class PointKind(models.TextChoices):
    """By what somebody is reached."""

    PHONE = "phone", pgettext_lazy("contact point", "Phone")
    MOBILE = "mobile", pgettext_lazy("contact point", "Mobile")
    FAX = "fax", pgettext_lazy("contact point", "Fax")
    EMAIL = "email", pgettext_lazy("contact point", "E-mail")
    WECHAT = "wechat", pgettext_lazy("contact point", "WeChat")
    QQ = "qq", "QQ"
    WEB = "web", pgettext_lazy("contact point", "Web page")


class PointUse(models.TextChoices):
    """For what somebody is reached by it."""

    WORK = "work", pgettext_lazy("contact point", "Work")
    PRIVATE = "private", pgettext_lazy("contact point", "Private")
    SWITCHBOARD = "switchboard", pgettext_lazy("contact point", "Switchboard")
    PURCHASING = "purchasing", pgettext_lazy("contact point", "Purchasing")
    FINANCE = "finance", pgettext_lazy("contact point", "Finance")
    SERVICE = "service", pgettext_lazy("contact point", "Service")
    OTHER = "other", pgettext_lazy("contact point", "Other")


class SeenBy(models.TextChoices):
    """Who is shown a contact point."""

    ALL = "all", _("Whoever sees the record")
    OWNER = "owner", _("Only the owner and superiors")


class ReleaseReason(models.TextChoices):
    """Why somebody gives a customer up."""

    NO_NEED = "no_need", pgettext_lazy("release", "No need for what we sell")
    NO_ANSWER = "no_answer", pgettext_lazy("release", "Not to be reached")
    COMPETITOR = "competitor", pgettext_lazy("release", "Went to a competitor")
    NOT_MINE = "not_mine", pgettext_lazy("release", "Not my region or line")
    NO_TIME = "no_time", pgettext_lazy("release", "No time for it")
    CLOSED = "closed", pgettext_lazy("release", "Out of business")
    OTHER = "other", pgettext_lazy("release", "Another reason")


class BusinessKind(models.TextChoices):
    """What a row of a customer's business says."""

    MAKES = "makes", pgettext_lazy("business", "Makes and sells")
    MACHINE = "machine", pgettext_lazy("business", "Machine")
    BUYS = "buys", pgettext_lazy("business", "Buys from")
    COMPETITOR = "competitor", pgettext_lazy("business", "Competitor's equipment")
    NEED = "need", pgettext_lazy("business", "Need a year")


class ShareBasis(models.TextChoices):
    """What our share was estimated from."""

    THEIRS = "theirs", _("They told us")
    SEEN = "seen", _("Seen on site")
    ORDERS = "orders", _("Our orders against their output")
    PUBLIC = "public", _("Published figures")
    GUESS = "guess", _("A guess")


# Relationships: between whom they are, and what each side is called from the other's

# The ends a relationship can have: names of its links, "from_person", "to_customer" …
FROM = ("from_person", "from_customer", "from_member")
TO = ("to_person", "to_customer")
USUAL_STRENGTH = 50
_FAIR, _STRONG = 34, 67


class TieKind(models.TextChoices):
    """What the first is to the second, said from the first to the second."""

    REPORTS_TO = "reports_to", pgettext_lazy("relationship", "reports to")
    TRUSTS = "trusts", pgettext_lazy("relationship", "trusts")
    WORKED_WITH = "worked_with", pgettext_lazy("relationship", "worked with")
    FAMILY = "family", pgettext_lazy("relationship", "family of")
    CLASSMATE = "classmate", pgettext_lazy("relationship", "classmate of")
    TOWNSMAN = "townsman", pgettext_lazy("relationship", "from the same place as")
    FRIEND = "friend", pgettext_lazy("relationship", "friend of")
    RIVAL = "rival", pgettext_lazy("relationship", "at odds with")
    DISTRIBUTES = "distributes", pgettext_lazy("relationship", "distributes for")
    SELLS_TO = "sells_to", pgettext_lazy("relationship", "sells to")
    SUPPLIES = "supplies", pgettext_lazy("relationship", "supplies")
    COMPETES = "competes", pgettext_lazy("relationship", "competes with")
    GROUP = "group", pgettext_lazy("relationship", "in one group with")
    KNOWS = "knows", pgettext_lazy("relationship", "knows")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Between whom a kind is, and what the other one is called on the card of the first and of the second.

    One without `other` is the same from both sides, and is kept once.
    """

    ends: tuple[str, str]
    second: Any
    other: Any = ""

    @property
    def mutual(self) -> bool:
        """Whether it has no direction."""
        return not self.other

    def called(self, *, of_first: bool) -> Any:
        """What the second is to the first (`of_first`), or the first to the second."""
        return self.second if of_first or self.mutual else self.other


_PEOPLE, _CUSTOMERS = ("from_person", "to_person"), ("from_customer", "to_customer")
MEANINGS: Final[Mapping[str, Meaning]] = {
    TieKind.REPORTS_TO: Meaning(
        _PEOPLE, pgettext_lazy("tie", "Superior"), pgettext_lazy("tie", "Reports to them")
    ),
    TieKind.TRUSTS: Meaning(
        _PEOPLE, pgettext_lazy("tie", "Trusted by them"), pgettext_lazy("tie", "Trusts them")
    ),
    TieKind.WORKED_WITH: Meaning(_PEOPLE, pgettext_lazy("tie", "Worked together")),
    TieKind.FAMILY: Meaning(_PEOPLE, pgettext_lazy("tie", "Family")),
    TieKind.CLASSMATE: Meaning(_PEOPLE, pgettext_lazy("tie", "Classmate")),
    TieKind.TOWNSMAN: Meaning(_PEOPLE, pgettext_lazy("tie", "From the same place")),
    TieKind.FRIEND: Meaning(_PEOPLE, pgettext_lazy("tie", "Friend")),
    TieKind.RIVAL: Meaning(_PEOPLE, pgettext_lazy("tie", "At odds")),
    TieKind.DISTRIBUTES: Meaning(
        _CUSTOMERS, pgettext_lazy("tie", "Distributed by them"), pgettext_lazy("tie", "Distributor")
    ),
    TieKind.SELLS_TO: Meaning(
        _CUSTOMERS, pgettext_lazy("tie", "Buys from them"), pgettext_lazy("tie", "Sells to them")
    ),
    TieKind.SUPPLIES: Meaning(
        _CUSTOMERS, pgettext_lazy("tie", "Supplied by them"), pgettext_lazy("tie", "Supplier")
    ),
    TieKind.COMPETES: Meaning(_CUSTOMERS, pgettext_lazy("tie", "Competitor")),
    TieKind.GROUP: Meaning(_CUSTOMERS, pgettext_lazy("tie", "Same group")),
    TieKind.KNOWS: Meaning(
        ("from_member", "to_person"), pgettext_lazy("tie", "Knows"), pgettext_lazy("tie", "Our colleague")
    ),
}
MUTUAL: Final = tuple(str(kind.value) for kind in TieKind if MEANINGS[kind].mutual)


def between(ends: tuple[str, str]) -> tuple[str, ...]:
    """The kinds that are between such ends."""
    return tuple(str(kind.value) for kind in TieKind if MEANINGS[kind].ends == ends)


def misfit(kind: str, ends: tuple[str, ...]) -> bool:
    """Whether a relationship of this kind cannot have these ends (names of the links that are filled)."""
    meaning = MEANINGS.get(kind)
    return meaning is None or set(ends) != set(meaning.ends)


def strength_word(strength: int) -> Any:
    """How strong 0 to 100 is."""
    if strength < _FAIR:
        return pgettext_lazy("strength", "weak")
    return pgettext_lazy("strength", "fair") if strength < _STRONG else pgettext_lazy("strength", "strong")


class Power(models.TextChoices):
    """What a colleague may do with a customer that he works on beside its owner."""

    READ = "read", _("Reads")
    WRITE = "write", _("Reads and writes")


class Hides(models.TextChoices):
    """What a pool hides of its customers from those who may claim them."""

    CONTACTS = "contacts", _("Phones, other contact details and people")
    ADDRESSES = "addresses", _("Addresses")
    RECORDS = "records", _("Activities, remarks and all else that hangs on them")


class Pooled(models.TextChoices):
    """What a pool holds."""

    CUSTOMERS = "customers", _("Customers")
    LEADS = "leads", _("Leads")
