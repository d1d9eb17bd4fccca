"""Money: integer minor units (分, cents) and an ISO 4217 currency; never floating point."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Self

from guanxi.kernel.errors import Malformed
from guanxi.kernel.spelt import spelt_number

__all__ = [
    "LARGEST",
    "SYMBOLS",
    "Money",
    "Written",
    "brought_to",
    "capital_figures",
    "currency_digits",
    "format_amount",
    "parse_amount",
    "read_major",
]

LARGEST = 2**63 - 1  # what a bigint column holds
_NO_MINOR_TEXT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_NO_MINOR = frozenset(_NO_MINOR_TEXT.split())
_THREE_MINOR = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
SYMBOLS = {
    "CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$", "KRW": "₩",
    "SGD": "S$", "AUD": "A$", "CAD": "CA$", "INR": "₹", "RUB": "₽", "THB": "฿", "VND": "₫", "MOP": "MOP$",
}  # fmt: skip


def currency_digits(currency: str) -> int:
    """How many decimal digits the minor unit has (ISO 4217): CNY 2, JPY 0, KWD 3."""
    if currency in _NO_MINOR:
        return 0
    return 3 if currency in _THREE_MINOR else 2


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` units of `currency`. Adding or comparing two currencies raises ValueError."""

    minor: int
    currency: str = "CNY"

    def _same(self, other: Self) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be reckoned together")

    def __add__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, factor: int | Decimal) -> "Money":
        """Times a whole number or a Decimal, rounded half up (away from zero) to the minor unit."""
        if isinstance(factor, int):
            return Money(self.minor * factor, self.currency)
        return Money(_whole(self.minor * factor), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Self) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Self) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Self) -> bool:
        return not self <= other

    def __ge__(self, other: Self) -> bool:
        return not self < other

    def __bool__(self) -> bool:
        return self.minor != 0

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly."""
        return Decimal(self.minor).scaleb(-currency_digits(self.currency))

    def split(self, weights: list[int]) -> list["Money"]:
        """Shares by whole weights (30, 30, 30, 10) that add up to the amount; earlier shares get the odd
        units."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights must be whole, not negative, and not all zero")
        sign, amount = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        shares = [amount * weight // total for weight in weights]
        left = amount - sum(shares)
        for place in [place for place, weight in enumerate(weights) if weight][:left]:
            shares[place] += 1
        return [Money(sign * share, self.currency) for share in shares]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An amount as somebody wrote it, where another field says the currency: what it is in minor units is known with
    that. Nothing that keeps numbers takes it by mistake."""

    raw: str | int | Decimal

    @property
    def major(self) -> Decimal:
        """In whole units, whatever the currency. Raises Malformed."""
        return read_major(self.raw, "") if isinstance(self.raw, str) else Decimal(self.raw)

    def minor(self, currency: str) -> int:
        """In minor units of a currency. Raises Malformed as `parse_amount` does, amount.precision among them."""
        return parse_amount(self.raw, currency, exact=True)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Written):
            return self.raw == other.raw
        if not isinstance(other, Money):
            return NotImplemented
        try:
            return self.minor(other.currency) == other.minor
        except Malformed:
            return False

    def __hash__(self) -> int:
        return hash(self.raw)

    def __str__(self) -> str:
        return str(self.raw)


def brought_to(minor: int, currency: str, other: str) -> int:
    """The same figure in another currency's minor units: 100.00 yuan, written as 100 yen. Raises Malformed
    (amount.precision) where the other one has too few decimals for it."""
    return parse_amount(Money(minor, currency).decimal, other, exact=True)


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


_UNITS = {
    "": 0, "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "w": 4, "十万": 5, "百万": 6,
    "千万": 7, "亿": 8, "億": 8, "万亿": 12, "k": 3, "m": 6, "mn": 6, "bn": 9, "b": 9,
}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<open>\()?(?P<sign>[-−]?)(?P<mark>[¥$€£₩₹]|rmb|cny|usd|eur|hk\$|us\$|[a-z]{3})?(?P<sign2>[-−+]?)"
    r"(?P<number>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?P<unit>万亿|[十百千]?万|[十百千萬亿億]|mn|bn|[wkmb])?(?P<after>元整?|圆整?|块|rmb|cny|人民币|[a-z]{3})?(?P<close>\))?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,4}(?:,[0-9]{4})+(?:\.[0-9]*)?")


def parse_amount(value: str | int | Decimal, currency: str = "CNY", *, exact: bool = False) -> int:
    """Minor units of what a cell or field says: 1,234.50 · 12万 · 3.5亿 · ￥８００ · (1,200) · USD 5k · 叁拾万元整.

    int and Decimal count major units. More decimals than the currency has are rounded half up, or refused if
    `exact`. Raises Malformed: amount.empty, amount.unreadable, amount.grouping (12,34), amount.precision,
    amount.too_large, amount.currency (another currency than `currency` is written in the text).
    """
    if isinstance(value, str):
        major = read_major(value, currency)
    else:
        major = Decimal(value)
        if not major.is_finite():
            raise Malformed("amount.unreadable", {"value": str(value)})
    if major.adjusted() > 20:
        raise Malformed("amount.too_large", {"value": str(value)[:40]})
    minor = major.scaleb(currency_digits(currency))
    rounded = _whole(minor)
    if exact and rounded != minor:
        raise Malformed("amount.precision", {"digits": currency_digits(currency), "value": str(value)[:40]})
    if abs(rounded) > LARGEST:
        raise Malformed("amount.too_large", {"value": str(value)[:40]})
    return rounded


def read_major(value: str, currency: str) -> Decimal:
    """The amount that a text says, in major units, with all its decimals; "" as currency takes any. Raises Malformed as
    `parse_amount` does."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).casefold().replace("，", ",")
    if not text:
        raise Malformed("amount.empty")
    shown = {"value": value.strip()[:40]}
    if len(text) <= 60 and (spelt := spelt_number(text)) is not None:
        return spelt
    found = _AMOUNT.fullmatch(text.removeprefix("人民币")) if len(text) <= 60 else None
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["sign"] and found["sign2"]):
        raise Malformed("amount.unreadable", shown)
    for mark in (found["mark"], found["after"]):
        code = (mark or "").removesuffix("$").upper()
        if (
            currency
            and len(code) == 3
            and code.isascii()
            and code not in (currency, "RMB" if currency == "CNY" else currency)
        ):
            raise Malformed("amount.currency", {**shown, "currency": code, "expected": currency})
    number = found["number"]
    if "," in number:
        if not _GROUPED.fullmatch(number):
            raise Malformed("amount.grouping", shown)
        number = number.replace(",", "")
    try:
        major = Decimal(number).scaleb(_UNITS[found["unit"] or ""])
    except InvalidOperation:
        raise Malformed("amount.unreadable", shown) from None
    negative = found["open"] or "-" in found["sign"] + found["sign2"] or "−" in found["sign"] + found["sign2"]
    return -major if negative else major


def format_amount(minor: int, currency: str = "CNY", locale: str = "zh-hans", *, full: bool = False) -> str:
    """An amount as people read it: "¥12.35万", "¥3.5亿" in Chinese; "¥123,456.00" in English and wherever
    `full`.

    万 and 亿 are rounded half up to two decimals, without trailing zeros and without a space before them.
    """
    digits = currency_digits(currency)
    symbol = SYMBOLS.get(currency, currency + " ")
    sign = "-" if minor < 0 else ""
    amount = Decimal(abs(minor)).scaleb(-digits)
    if not full and locale.lower().startswith("zh"):
        for power, word in ((8, "亿"), (4, "万")):
            scaled = amount.scaleb(-power).quantize(Decimal("0.01"), ROUND_HALF_UP)
            if scaled >= 1 and amount.scaleb(-power) >= (1 if power == 4 else Decimal("0.99995")):
                short = f"{scaled:,f}".rstrip("0").rstrip(".")
                return f"{sign}{symbol}{short}{word}"
        if amount == amount.to_integral_value():
            return f"{sign}{symbol}{int(amount):,}"
    return f"{sign}{symbol}{amount:,.{digits}f}"


_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def capital_figures(minor: int) -> str:
    """Yuan in capital figures 大写金额: 1234500 (分) → 壹万贰仟叁佰肆拾伍元整. For quotes, contracts and
    receipts.

    Rules: 支付结算办法 annex 1 (People's Bank of China, 1997): 整 after 元 and 角; one 零 for any run of
    zeros inside, also between 元 and 分; none at the end of a group. Raises ValueError from ten thousand 万亿
    on.
    """
    if minor == 0:
        return "零元整"
    sign = "负" if minor < 0 else ""
    yuan, cents = divmod(abs(minor), 100)
    if yuan >= 10**16:
        raise ValueError("too large for capital figures")
    text = _whole_figures(yuan) + "元" if yuan else ""
    tenth, hundredth = divmod(cents, 10)
    if not cents:
        return sign + text + "整"
    if tenth:
        # An empty place of units before 角 is written 零, as the annex shows (1,680.32 may drop it;
        # 107,000.53 may not).
        text += "零" if yuan and yuan % 10 == 0 else ""
        text += _FIGURES[tenth] + "角"
    elif yuan:
        text += "零"
    return sign + text + (_FIGURES[hundredth] + "分" if hundredth else "整")


def _whole_figures(number: int) -> str:
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(text)
            if place == 2 and text:  # 万亿 without 亿 of its own: the word 亿 is still said
                text += "亿"
            continue
        if text and (gap or group < 1000):
            text += "零"
        word = "万" if place == 3 else _GROUPS[place]
        text += _group_figures(group) + word
        gap = False
    return text


def _group_figures(group: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        figure = group // 10**place % 10
        if figure:
            text += ("零" if gap else "") + _FIGURES[figure] + _PLACES[place]
            gap = False
        elif text:
            gap = True
    return text
