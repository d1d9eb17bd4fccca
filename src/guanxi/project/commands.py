"""The commands of the palette that belong to the product as a whole: its pages, one's account, the frame's switches."""

# Chinese in code: a word that both languages know a command by

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guanxi.foundation.design.commands import Asked, Command, in_each_language
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_pages
from guanxi.foundation.permissions.web import url_of
from guanxi.project.frame import ADMINISTRATION, companies, languages

_THEMES = (
    ("auto", gettext_lazy("Theme as the system has it"), "device-laptop"),
    ("light", gettext_lazy("Light theme"), "sun"),
    ("dark", gettext_lazy("Dark theme"), "moon"),
)


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", cast("Any", request).actor)


def pages(asked: Asked) -> Iterator[Command]:
    """The pages of everybody, then those of administration that the person may open."""
    actor = _actor(asked.request)
    own = actor.observer_id is None
    places = [
        ("notices", gettext_lazy("Notices"), "bell", True),
        ("jobs", gettext_lazy("My jobs"), "clock", True),
        ("account", gettext_lazy("Account and security"), "user", own),
        ("api_tokens", gettext_lazy("API tokens"), "key", own),
        ("settings", gettext_lazy("Settings"), "settings", any(actor.may(code) for code in ADMINISTRATION)),
    ]
    for name, text, icon, may in places:
        if may and (url := url_of(name)):
            yield Command(label=str(text), icon=icon, url=url, words=in_each_language(text))
    for page in settings_pages(actor):
        yield Command(
            label=str(page.label), icon=page.icon, url=page.url(), words=in_each_language(page.label)
        )


def elsewhere(asked: Asked) -> Iterator[Command]:
    """Where what was typed may still be, if nothing was found by it."""
    actor = _actor(asked.request)
    if asked.vain and actor.may("ledger.operation.view") and (url := url_of("recycle_bin")):
        label = _("Look for “%(text)s” in the recycle bin") % {"text": asked.text}
        yield Command(label=label, icon="trash", url=f"{url}?{urlencode({'q': asked.text})}", offered=True)


def switches(asked: Asked) -> Iterator[Command]:
    """What the user's menu holds: keys, theme, language, company, sign-out; or the way out of other eyes."""
    actor = _actor(asked.request)
    keys = gettext_lazy("Keyboard")
    yield Command(
        label=str(keys),
        icon="keyboard",
        press='[data-gx-dialog="gx-keys"]',
        words=in_each_language(keys),
        key="?",
    )
    for value, text, icon in _THEMES:
        press = f'[data-gx-theme-form] [value="{value}"]'
        yield Command(label=str(text), icon=icon, press=press, words=in_each_language(text))
    for language in languages():
        if language.code != get_language():
            press = f'form [name="language"][value="{language.code}"]'
            label = _("Language: %(name)s") % {"name": language.name}
            yield Command(
                label=label, icon="language", press=press, words=("language", "语言", language.code)
            )
    if actor.observer_id is not None:
        yield Command(
            label=_("Stop seeing as somebody else"), icon="eye-off", url=url_of("see_as_stop"), fields={}
        )
        return
    for company in companies(actor):
        if not company.current:
            label = _("Switch to %(company)s") % {"company": company.name}
            yield Command(label=label, icon="building", url=company.url, fields={})
    out = gettext_lazy("Sign out")
    yield Command(
        label=str(out), icon="logout", press="[data-gx-signout] button", words=in_each_language(out)
    )
