"""Operations of the API beside the resources: the forecast, and leading a sale."""

from guanxi.sales.api import forecasting, leading


def register() -> None:
    """Called once at start-up."""
    forecasting.register()
    leading.register()
