"""The smallest parts, made in Python: used by the templates as tags and by upper floors to fill cells.

Every function escapes what it is given and returns safe HTML without inline styles or handlers.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guanxi.foundation.design import words
from guanxi.foundation.design.shapes import Tone
from guanxi.kernel.money import Money

_NOTHING = SafeString("")


@lru_cache(maxsize=4)
def _sprite(_static_url: str) -> str:
    return static("gx/build/icons.svg")


def forget_sprite() -> None:
    """Looks the sprite's address up again; for tests that change the storage of static files."""
    _sprite.cache_clear()


def icon(name: str, label: str = "", size: int = 16, tone: str = "") -> SafeString:
    """An icon of the sprite (names in assets/icons.txt). Hidden from screen readers unless it has a `label`.

    `size` is 14, 16, 18 or 20 px; `tone` one of t2, t3, bad, warn, good, acc.
    """
    classes = "gx-i" + (f" gx-i-{size}" if size != 16 else "") + (f" gx-{tone}" if tone else "")
    href = f"{_sprite(settings.STATIC_URL or '')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


def avatar(name: str, size: str = "") -> SafeString:
    """Initials on grey, never coloured by name. The name itself stands beside it in words. `size` s or l."""
    classes = "gx-av" + (f" gx-av-{size}" if size else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, words.initials(name))


def grade(letter: str, word: str = "") -> SafeString:
    """A customer's grade: a letter in a square, with its word where there is room."""
    if not letter:
        return _NOTHING
    mark = format_html('<span class="gx-gr gx-gr-{}">{}</span>', letter, letter)
    return format_html('<span class="gx-marked">{} {}</span>', mark, word) if word else mark


def tag(text: str, tone: Tone = "") -> SafeString:
    """A status, where the status is the point. At most one in a row."""
    return format_html('<span class="gx-tag{}">{}</span>', f" gx-tag-{tone}" if tone else "", text)


def toned(text: str, tone: Tone) -> SafeString:
    """A word in the colour of its meaning: bad and warn are bold, quiet is grey."""
    if not tone:
        return format_html("{}", text)
    classes = "gx-t3" if tone == "quiet" else f"gx-{tone} gx-b"
    return format_html('<span class="{}">{}</span>', classes, text)


def intent(level: int, word: str) -> SafeString:
    """Nearness to signing: three bars (0 to 3 filled) and the word."""
    return format_html(
        '<span class="gx-int gx-int-{}"><i aria-hidden="true"><b></b><b></b><b></b></i>{}</span>', level, word
    )


def stance(value: int | None, unknown: str = "") -> SafeString:
    """A person's stance from −2 to +2 as a signed pill; None is dashed and says `unknown`."""
    if value is None:
        return format_html('<span class="gx-st gx-st-x">{}</span>', unknown or "?")
    sign = f"+{value}" if value > 0 else f"−{-value}" if value < 0 else "0"
    return format_html('<span class="gx-st gx-st-{}">{}</span>', f"n{-value}" if value < 0 else value, sign)


def bar(value: int, total: int = 100, label: str = "", low: bool = False) -> SafeString:
    """A bar of 4 px: progress or completeness. `label` says to a screen reader of what."""
    classes = "gx-bar" + (" gx-low" if low else "")
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="{}"></progress>', classes, value, total, label
    )


def date_mark(value: date | datetime | None, mode: words.Mode | str = "", tone: Tone = "") -> SafeString:
    """A date as people say it, the exact one on hover. `mode`: "", due, day, exact, calendar, weekday."""
    if value is None:
        return _NOTHING
    today = timezone.localdate()
    match mode:
        case "exact":
            text = words.exact(value)
        case "calendar":
            text = words.calendar_day(value, today)
        case "weekday":
            text = words.weekday(value)
        case "due":
            text = words.relative(value, today, "due")
        case "day":
            text = words.relative(value, today, "day")
        case _:
            text = words.relative(value, today)
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        value.isoformat(),
        words.exact(value),
        format_html(' class="gx-{} gx-b"', tone) if tone else "",
        text,
    )


def money_mark(value: Money | Decimal | None, currency: str = "CNY") -> SafeString:
    """An amount as people read it (a Decimal in major units); nothing for None."""
    if value is None:
        return _NOTHING
    return format_html('<span class="gx-nw">{}</span>', words.money(value, currency or "CNY"))
