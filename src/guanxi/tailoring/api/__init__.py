"""What the API offers beside the records: own fields, layouts, saved views."""

from guanxi.tailoring.api import fields, views


def register() -> None:
    """Called once at start-up."""
    fields.register()
    views.register()
