"""The default lists of a customer's fields (rule book, "Default lists")."""

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


class Answer(models.TextChoices):
    """What somebody said of two records that may be the same."""

    OPEN = "open", _("Not decided")
    SAME = "same", _("The same")
    DIFFERENT = "different", _("Two of them")
    BRANCH = "branch", _("One belongs to the other")
    MERGED = "merged", _("Merged")
