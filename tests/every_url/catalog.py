"""Products and what they cost."""

from every_url.rules import Rule, get, post

SEE, BOOKS, KEEP = "catalog.product.view", "catalog.book.view", "catalog.book.edit"

CATALOG: dict[str, Rule] = {
    "price_lookup": Rule(get(SEE, BOOKS)),
    "price_grid": Rule(get(BOOKS, KEEP) | post(BOOKS, KEEP, data={"pasted": ""}), target="price_books"),
    # Without a product the question cannot be read.
    "api:prices_lookup": Rule(get(BOOKS, answers=frozenset((422,)))),
    "api:products_configure": Rule(post(SEE, data={"options": []}), target="products"),
}
