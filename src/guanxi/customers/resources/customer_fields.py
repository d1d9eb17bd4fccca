"""The fields of a customer beyond those of the list: category, settlement, registration, credit."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import (
    Category,
    CreditRating,
    Currency,
    CustomerKind,
    PaymentMethod,
    Registration,
)
from guanxi.customers.kinds import Capital, Days, SettlementTerms, Usually
from guanxi.kinds import Choice, Coded, Date, Kind, Money, Text
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Section

CREDIT = "customers.customer.credit"  # the right to say how much credit a customer gets

DETAILS: Final[tuple[Kind, ...]] = (
    Usually(
        name="kind",
        choices=CustomerKind,
        usual="organisation",
        minor=True,
        aliases=("客户性质", "organisation or person"),
    ),
    Choice(
        name="category",
        choices=Category,
        minor=True,
        aliases=("类别", "客户分类", "customer type", "account type"),
    ),
    Coded(
        name="settlement",
        table=SettlementTerms(),
        minor=True,
        aliases=("结算方式", "付款条件", "账期", "payment terms", "terms of payment"),
    ),
    Choice(
        name="payment_method",
        choices=PaymentMethod,
        minor=True,
        aliases=("付款方式", "支付方式", "payment method"),
    ),
    Text(
        name="legal_representative",
        minor=True,
        personal=True,
        aliases=("法人", "法人代表", "法定代表", "legal person"),
    ),
    Capital(
        name="capital", minor=True, aliases=("注册资金", "注册资本金", "registered capital", "capital stock")
    ),
    Usually(
        name="capital_currency",
        choices=Currency,
        usual="CNY",
        minor=True,
        aliases=("注册资本币种", "capital currency"),
    ),
    Date(
        name="founded",
        minor=True,
        aliases=("成立时间", "注册日期", "established", "incorporated", "founding date"),
    ),
    Choice(
        name="registration",
        choices=Registration,
        minor=True,
        aliases=("经营状态", "企业状态", "登记状态", "company status"),
    ),
    Text(name="business_scope", minor=True, wide=True, aliases=("经营范围", "scope of business")),
    Text(
        name="former_names",
        minor=True,
        wide=True,
        aliases=("曾用名", "原名称", "former name", "previous names", "formerly"),
        help=_("The latest first, several parted by semicolons. They are searched like the name."),
    ),
    Choice(
        name="credit_rating",
        choices=CreditRating,
        minor=True,
        set_code=CREDIT,
        aliases=("信用评级", "信用级别", "rating"),
    ),
    Money(name="credit_limit", minor=True, set_code=CREDIT, aliases=("授信额度", "信用限额", "credit line")),
    Days(
        name="credit_days",
        minor=True,
        set_code=CREDIT,
        aliases=("信用账期", "授信天数", "credit period", "credit terms"),
    ),
)

SECTIONS: Final = (
    Section(
        _("Settlement and credit"),
        ("settlement", "payment_method", "credit_rating", "credit_limit", "credit_days"),
        minor=True,
    ),
    Section(
        _("Registration"),
        (
            "registration",
            "founded",
            "legal_representative",
            "capital",
            "capital_currency",
            "former_names",
            "business_scope",
        ),
        minor=True,
    ),
)


_STAYS = _("What is left empty stays as it is.")


def credit_action(service: object) -> Action:
    """Rating, limit and days given to customers, by who answers for credit and need not be able to edit them."""
    return Action(
        key="credit",
        label=_("Set the credit"),
        service=service,  # type: ignore[arg-type]
        verb="credit",
        inputs=(
            Choice(name="credit_rating", choices=CreditRating, label=_("Credit rating"), help=_STAYS),
            Money(name="credit_limit", label=_("Credit limit"), help=_STAYS),
            Days(name="credit_days", label=_("Credit days"), help=_STAYS),
        ),
        icon="shield-check",
        said=_("credit of %(what)s set"),
        order=30,
    )
