"""Kinds of fields: how a value is cleaned, shown, filtered, edited, exported. One instance per declared field."""

from guanxi.resource.kinds.choice import Choice, Choices, Coded, CodeTable, Listed, YesNo
from guanxi.resource.kinds.days import Date, Moment
from guanxi.resource.kinds.figures import Money, Number
from guanxi.resource.kinds.kind import Computed, FieldProblem, Kind, Own, Show
from guanxi.resource.kinds.plain import Address, DateTime, Email, PhoneNumber, Text, WebAddress, WeChat

__all__ = [
    "Address",
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
    "PhoneNumber",
    "Show",
    "Text",
    "WeChat",
    "WebAddress",
    "YesNo",
]
