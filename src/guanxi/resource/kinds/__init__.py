"""Kinds of fields: how a value is cleaned, shown, filtered, edited, exported. One instance per declared field."""

from guanxi.resource.kinds.choice import Choice, Choices, Coded, CodeTable
from guanxi.resource.kinds.kind import Computed, FieldProblem, Kind, Show
from guanxi.resource.kinds.plain import DateTime, PhoneNumber, Text, WebAddress

__all__ = [
    "Choice",
    "Choices",
    "CodeTable",
    "Coded",
    "Computed",
    "DateTime",
    "FieldProblem",
    "Kind",
    "PhoneNumber",
    "Show",
    "Text",
    "WebAddress",
]
