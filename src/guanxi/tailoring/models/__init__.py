"""Definitions of own fields, layouts, saved views; and the narrow index of own values."""

from guanxi.tailoring.models.fields import Layout, OwnField, OwnIndex, OwnOption, OwnValue, Stamp
from guanxi.tailoring.models.views import RoleStart, SavedView, ViewChoice, ViewShare

__all__ = [
    "Layout",
    "OwnField",
    "OwnIndex",
    "OwnOption",
    "OwnValue",
    "RoleStart",
    "SavedView",
    "Stamp",
    "ViewChoice",
    "ViewShare",
]
