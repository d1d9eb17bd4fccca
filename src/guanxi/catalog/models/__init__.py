from guanxi.catalog.models.parts import BundlePart, Option, OptionGroup
from guanxi.catalog.models.prices import ExchangeRate, Price, PriceBook
from guanxi.catalog.models.product import Product, ProductLine, TaxRate
from guanxi.catalog.models.stock import Stock, Warehouse

__all__ = [
    "BundlePart",
    "ExchangeRate",
    "Option",
    "OptionGroup",
    "Price",
    "PriceBook",
    "Product",
    "ProductLine",
    "Stock",
    "TaxRate",
    "Warehouse",
]
