"""A text that people wrote, with its links and mentions, as it is drawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guanxi.collaboration.rules import Piece, pieces


def drawn(text: str, mentions: Sequence[Mapping[str, Any]]) -> SafeString:
    """The text as HTML; `mentions` are those kept with it."""
    named = {one["name"]: one["id"] for one in mentions}
    return format_html_join("", "{}", ((_piece(one),) for one in pieces(text, named)))


def _piece(one: Piece) -> str:
    if one.href:
        link = '<a class="gx-lk" href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>'
        return format_html(link, one.href, one.text)
    return format_html('<b class="gx-mention">{}</b>', one.text) if one.member else one.text
