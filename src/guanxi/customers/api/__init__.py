"""Operations of the API that belong to customers and people together."""

from guanxi.customers.api import completeness, duplicates, pools, readings, ties


def register() -> None:
    """Called once at start-up."""
    readings.register()
    duplicates.register()
    ties.register()
    completeness.register()
    pools.register()
