"""How the rows of a file are recognised as products that are there."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from guanxi.catalog.models import Product, ProductLine
from guanxi.customers.queries.hanging import RowMatching
from guanxi.kernel.text import fold
from guanxi.resource.matching import Certainty

Key = tuple[str, str, str]


def _nothing(text: str) -> str:
    return ""


def by_links(key: str, links: Collection[str], *, exact: Collection[str] = (), text: str) -> RowMatching:
    """Rows of the resource `key` are the same where these columns are; its `text` does not count."""
    return RowMatching(key, links, text, exact=exact, alike=_nothing, blank=True)


class ProductMatching(RowMatching):
    """By the code; where one of two has none, by name and specification."""

    def __init__(self) -> None:
        super().__init__("products", ("code",), "name")

    def keys(self, values: Mapping[str, Any]) -> Key | None:
        name = fold(values.get("name") or "")
        code = (values.get("code") or "").strip()
        return (code, name, fold(values.get("specification") or "")) if code or name else None

    def of_text(self, text: str) -> Key:
        return ("", fold(text), "")

    def shares(self, keys: Any) -> tuple[str, ...]:
        code, name, specification = keys
        return tuple(
            one for one in (f"c {code}" if code else "", f"n {name} {specification}" if name else "") if one
        )

    def verdict(self, left: Any, right: Any) -> Certainty | None:
        if left[0] and right[0]:
            return "certain" if left[0] == right[0] else None
        return "certain" if left[1] and left[1:] == right[1:] else None

    def find(self, keys: Collection[Any]) -> dict[Any, tuple[UUID, Certainty]]:
        known = [one for one in keys if one]
        by_code = dict(
            Product.objects.filter(code__in={one[0] for one in known if one[0]}).values_list("code", "id")
        )
        found = {one: by_code[one[0]] for one in known if one[0] in by_code}
        rest: dict[tuple[str, str], list[Key]] = {}
        for one in known:
            if one not in found and one[1]:
                rest.setdefault(one[1:], []).append(one)
        if rest:
            rows = Product.objects.order_by("id").values("id", "code", "name", "specification")
            for row in rows.iterator(chunk_size=2000):
                mine = self.keys(row)
                for one in rest.get(mine[1:], ()) if mine is not None else ():
                    if self.verdict(one, mine):
                        found.setdefault(one, row["id"])
        return {one: (pk, "certain") for one, pk in found.items()}


class LineMatching(RowMatching):
    """Product lines by their name."""

    def __init__(self) -> None:
        super().__init__("product_lines", (), "name")

    def keys(self, values: Mapping[str, Any]) -> tuple[str] | None:
        name = fold(values.get("name") or "")
        return (name,) if name else None

    def of_text(self, text: str) -> tuple[str]:
        return (fold(text),)

    def find(self, keys: Collection[Any]) -> dict[Any, tuple[UUID, Certainty]]:
        there: dict[str, UUID] = {}
        for pk, name in ProductLine.objects.order_by("id").values_list("id", "name"):
            there.setdefault(fold(name), pk)
        return {one: (there[one[0]], "certain") for one in keys if one and one[0] in there}
