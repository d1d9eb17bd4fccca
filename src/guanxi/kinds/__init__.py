"""Kinds of fields: how a value is cleaned, shown, filtered, edited, exported. One instance per declared field."""

from guanxi.kinds.choice import Choice, Choices, Coded, CodeTable, Listed, YesNo
from guanxi.kinds.days import Date, Moment
from guanxi.kinds.figures import Bounded, Money, Number
from guanxi.kinds.kind import Computed, FieldProblem, Kind, Own, Show
from guanxi.kinds.plain import Address, DateTime, Email, PhoneNumber, Text, WebAddress, WeChat
from guanxi.kinds.prices import Percent, Quantity, UnitPrice

__all__ = [
    "Address",
    "Bounded",
    "Choice",
    "Choices",
    "CodeTable",
    "Coded",
    "Computed",
    "Date",
    "DateTime",
    "Email",
    "FieldProblem",
    "Kind",
    "Listed",
    "Moment",
    "Money",
    "Number",
    "Own",
    "Percent",
    "PhoneNumber",
    "Quantity",
    "Show",
    "Text",
    "UnitPrice",
    "WeChat",
    "WebAddress",
    "YesNo",
]
