"""What comes together in files about customers and their people, and what such files keep in pieces."""

# Chinese in code: heads of spreadsheets that say whose a field is

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.moving import slots
from guanxi.customers.queries import cards
from guanxi.customers.queries.pieces import born_of, contact_of, name_of, place_of, says_contact
from guanxi.integrations.exports.entries import Entries, leaves_as
from guanxi.integrations.imports.beside import Beside, comes_with
from guanxi.integrations.imports.composing import Composition, Piece, composes
from guanxi.integrations.imports.placeless import has_no_place

_PEOPLE = Beside(
    key="people",
    by="customer",
    anchors=("name",),
    most=3,
    called=("联系人", "contact", "contact person", "primary contact"),
    rather=(
        "手机",
        "手机号",
        "手机号码",
        "mobile",
        "mobile phone",
        "cell",
        "邮箱",
        "email",
        "e-mail",
        "微信",
        "微信号",
    ),
)  # fmt: skip
_BILLING = Beside(
    key="billing_profiles",
    by="customer",
    anchors=("title", "bank", "account"),
    called=("开票", "billing"),
    fills={"title": "name"},
)
_COMPANIES = Beside(
    key="customers",
    by="customer",
    anchors=("name", "number"),
    called=("公司", "客户", "单位", "企业", "company", "account", "organization", "organisation"),
    above=True,
    shared_by=("phone", "website"),
)
_CUSTOMER_POINTS = Beside(key="contact_points", by="customer", shared=False, slots=slots.CUSTOMERS)
_PERSON_POINTS = Beside(key="contact_points", by="person", shared=False, slots=slots.PEOPLE)

_NAME = Composition(
    resource="people",
    key="name",
    fields=("name",),
    compose=name_of,
    pieces={
        "family": Piece(_("Family name"), ("姓", "姓氏", "last name", "family name", "surname", "sn")),
        "given": Piece(_("Given name"), ("名", "名字", "first name", "given name", "forename")),
        "middle": Piece(_("Middle name"), ("middle name", "additional names", "middle initial")),
        "suffix": Piece(_("Name suffix"), ("name suffix", "suffix")),
    },
)
_BORN = Composition(
    resource="people",
    key="born",
    fields=("born",),
    compose=born_of,
    least=3,
    pieces={
        "year": Piece(_("Year of birth"), ("birth year", "出生年")),
        "month": Piece(_("Month of birth"), ("birth month", "出生月")),
        "day": Piece(_("Day of birth"), ("birth day", "出生日")),
    },
)
_CONTACT = Composition(
    resource="people",
    key="contact",
    fields=("name", "post", "phone"),
    compose=contact_of,
    least=1,
    instead_of="name",
    says_more=says_contact,
    pieces={
        "text": Piece(
            _("Name and phone together"),
            ("联系人及电话", "联系人及联系方式", "联系人/电话", "联系人电话号码", "contact and phone"),
        )
    },
)
_PLACES = {
    "country": Piece(
        pgettext_lazy("address", "Country"),
        (
            "国家", "国家/地区", "country", "billing country", "shipping country", "mailing country", "work country",
            "business country", "country/region", "property_country", "country name",
        ),
    ),
    "province": Piece(
        pgettext_lazy("address", "Province"),
        (
            "省", "省份", "region", "所在省", "所在省份", "state", "state/province", "province", "billing state",
            "billing state/province", "shipping state", "mailing state", "work state", "work region", "business state",
            "property_state", "state/region",
        ),
    ),
    "city": Piece(
        pgettext_lazy("address", "City"),
        (
            "市", "所在市", "所在城市", "billing city", "shipping city", "mailing city", "work city", "business city",
            "property_city", "city", "城市",
        ),
    ),
    "district": Piece(pgettext_lazy("address", "District"), ("区", "县", "区县", "区/县", "所在区", "district")),
    "street": Piece(
        pgettext_lazy("address", "Street"),
        (
            "街道", "billing street", "shipping street", "mailing street", "work street", "business street", "street",
            "street address", "work address", "address line 1", "address 1", "property_address", "business address",
            "business street 1",
        ),
    ),
    "street2": Piece(
        pgettext_lazy("address", "Street, second line"),
        ("work address 2", "address line 2", "address 2", "business street 2", "property_address_2"),
    ),
    "postcode": Piece(
        pgettext_lazy("address", "Postcode"),
        (
            "邮编", "邮政编码", "zip", "zip code", "postal code", "postcode", "billing postal code", "billing zip",
            "billing zip/postal code", "mailing zip", "mailing postal code", "mailing zip/postal code",
            "work zipcode", "work postal code", "business postal code",
            "zip/postal code",
        ),
    ),
}  # fmt: skip
_PLACE = Composition(
    resource="customers", key="place", fields=("address", "region"), compose=place_of, pieces=_PLACES
)


_CARD = "text/vcard; charset=utf-8"
_CARD_4, _CARD_3 = _("Address book (vCard 4.0)"), _("Address book of older phones (vCard 3.0)")


def register() -> None:
    """Called once at start-up."""
    comes_with("customers", _PEOPLE)
    comes_with("customers", _BILLING)
    comes_with("customers", _CUSTOMER_POINTS)
    comes_with("people", _COMPANIES)
    comes_with("people", _PERSON_POINTS)
    for composition in (_NAME, _BORN, _CONTACT, _PLACE):
        composes(composition)
    has_no_place(
        "customers",
        ("annual revenue", "annualrevenue", "annual_revenue", "property_annualrevenue", "年营业额", "年收入"),
        _("no turnover of customers is kept here; a new field can keep it"),
    )
    leaves_as(
        "people",
        Entries("vcf", "vcf", _CARD_4, _CARD, cards.PERSON, cards.person_4),
        Entries("vcf3", "vcf", _CARD_3, _CARD, cards.PERSON, cards.person_3),
        Entries(
            "ics", "ics", _("Birthdays for a calendar (ICS)"), "text/calendar; charset=utf-8", cards.BIRTHDAY,
            cards.birthday, cards.birthdays_head, "END:VCALENDAR\r\n",
        ),
    )  # fmt: skip
    leaves_as(
        "customers",
        Entries("vcf", "vcf", _CARD_4, _CARD, cards.CUSTOMER, cards.customer_4),
        Entries("vcf3", "vcf", _CARD_3, _CARD, cards.CUSTOMER, cards.customer_3),
    )
