"""Texts of ours that are stored: kept in every language of the screens, and said in the reader's."""

from collections.abc import Callable, Mapping
from typing import cast

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise, lazy

Text = str | Promise


def later(make: Callable[[], str]) -> Promise:
    """A text that is made anew in the language of whoever reads it."""
    return cast("Promise", lazy(make, str)())


def in_each(text: Text) -> dict[str, str]:
    """What a text of ours says in each language; nothing where it says the same in all, as people's own words do."""
    if not isinstance(text, Promise):
        return {}
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(text)
    return said if len(set(said.values())) > 1 else {}


def for_reader(said: Mapping[str, str] | None, text: str) -> str:
    """What was kept by `in_each`, in the reader's language; else the text as it was stored."""
    return (said or {}).get(translation.get_language() or "") or text
