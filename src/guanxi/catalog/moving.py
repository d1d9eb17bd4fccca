"""What files about products hold beside them: the product line each stands in."""

# Chinese in code: heads of spreadsheets that say whose a field is

from guanxi.integrations.imports.beside import Beside, comes_with

_LINES = Beside(
    key="product_lines",
    by="line",
    anchors=("name",),
    called=("产品线", "product line"),
    above=True,
    named=True,
)


def register() -> None:
    """Called once at start-up."""
    comes_with("products", _LINES)
