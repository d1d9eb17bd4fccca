"""Every address there is, found by walking the resolver: a new one cannot hide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Route:
    """An address with its name ("customers:card"), or its pattern where it has none."""

    name: str
    pattern: str

    def url(self, arguments: dict[str, Any]) -> str:
        """The address with these arguments. Raises NoReverseMatch."""
        return reverse(self.name, kwargs=arguments) if self.name != self.pattern else "/" + self.pattern


def walk(patterns: Iterable[Any], before: str = "", space: str = "") -> Iterator[Route]:
    """Every pattern beneath, nested ones too."""
    for one in patterns:
        pattern = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from walk(one.url_patterns, pattern, inner)
        elif isinstance(one, URLPattern):
            yield Route(space + one.name if one.name else pattern, pattern)


def every_route() -> list[Route]:
    """All of the project's, each once."""
    return list(dict.fromkeys(walk(get_resolver().url_patterns)))


def unlisted(routes: Iterable[Route], listed: Iterable[str]) -> set[str]:
    """Addresses that nobody has said anything about."""
    return {route.name for route in routes} - set(listed)
