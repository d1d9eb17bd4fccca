from guanxi.catalog.resources import books, lines, panels, parts, products, stock

__all__ = ["books", "lines", "panels", "parts", "products", "stock"]
