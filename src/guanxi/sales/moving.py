"""What files about opportunities hold beside them: the product of each, as a line."""

# Chinese in code: heads of spreadsheets that say whose a field is

from guanxi.integrations.imports.beside import Beside, comes_with

_LINES = Beside(
    key="sale_lines",
    by="opportunity",
    anchors=("product", "text"),
    called=("产品", "商品", "product", "line"),
    shared=False,
)


def register() -> None:
    """Called once at start-up."""
    comes_with("opportunities", _LINES)
