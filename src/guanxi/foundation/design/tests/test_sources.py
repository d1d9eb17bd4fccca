"""What only reading our own sources can prove: icons listed, texts translated, nothing foreign committed."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

DESIGN = Path(__file__).resolve().parent.parent
PACKAGE = DESIGN.parent.parent
CATALOGUE = DESIGN.parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def names(file: str) -> list[str]:
    return (DESIGN / "assets" / file).read_text().split()


def used_icons() -> set[str]:
    found: set[str] = set()
    for path in PACKAGE.rglob("*.html"):
        text = path.read_text()
        found |= set(re.findall(r"""\{%\s*gx_icon ["']([\w-]+)""", text))
        found |= set(re.findall(r"""\{%\s*gx_alert ["'][\w-]*["'] ["']([\w-]+)""", text))
        found |= set(re.findall(r"""\{%\s*gx_event ["']([\w-]+)""", text))
    for path in PACKAGE.rglob("*.py"):
        if "tests" not in path.parts:
            text = path.read_text()
            found |= set(re.findall(r"""\bicon=["']([\w-]+)["']""", text))
            found |= set(re.findall(r"""marks\.icon\(["']([\w-]+)""", text))
    return found


def test_every_icon_in_use_is_in_the_list_that_the_build_reads() -> None:
    assert used_icons() - set(names("icons.txt")) == set()


def test_the_list_of_icons_is_sorted_and_says_each_once() -> None:
    assert names("icons.txt") == sorted(set(names("icons.txt")))


def own_messages() -> set[tuple[str | None, str]]:
    found: set[tuple[str | None, str]] = set()
    for path in sorted(DESIGN.rglob("*")):
        if "tests" in path.parts or path.suffix not in {".py", ".html"}:
            continue
        text = path.read_text() if path.suffix == ".py" else templatize(path.read_text())
        for _, message, _, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            found.add((context, message if isinstance(message, str) else message[0]))
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def test_every_text_of_ours_has_its_chinese(catalogue: Catalog) -> None:
    missing = [
        key for key in own_messages() if not (entry := catalogue.get(key[1], key[0])) or not entry.string
    ]
    assert missing == []


def test_no_english_is_left_in_the_chinese_texts(catalogue: Catalog) -> None:
    plain = re.compile(r"[%{(]+\w+[)}]s?|Shift|FW-1042|Guanxi|[A-D]\b")
    ours = [catalogue.get(text, context) for context, text in own_messages() if context != "date format"]
    english = [
        entry.string
        for entry in ours
        if entry and re.search(r"[A-Za-z]{2,}", plain.sub("", str(entry.string)))
    ]
    assert english == []


def test_every_class_in_our_templates_has_a_style_or_a_script_behind_it() -> None:
    sheets = "".join(path.read_text() for path in (DESIGN / "assets" / "css").glob("*.css"))
    known = set(re.findall(r"\.(gx-[\w-]+)", sheets))
    used: set[str] = set()
    for path in (DESIGN / "templates").rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', path.read_text()):
            used |= {
                word for word in re.sub(r"\{[{%].*?[%}]\}", " ", value).split() if word.startswith("gx-")
            }
    hooks = {"gx-sw-", "gx-toast-text", "gx-pv-head", "gx-at-", "gx-"}
    assert {word for word in used - known - hooks if not word.endswith("-")} == set()


def test_our_styles_use_nothing_that_the_oldest_browsers_lack() -> None:
    for path in (DESIGN / "assets" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for modern in (":has(", "color-mix(", "oklch(", "light-dark(", "@layer", "@starting-style"):
            assert modern not in text, f"{path.name}: {modern}"
        assert "style=" not in text


def test_each_rule_of_ours_is_prefixed_or_known_to_tabler() -> None:
    tabler = set(names("tabler.txt")) | {"htmx-request"}
    for path in (DESIGN / "assets" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/|url\([^)]*\)|\{[^{}]*\}", "{}", path.read_text(), flags=re.DOTALL)
        classes = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", text))
        assert {name for name in classes if not name.startswith("gx-")} <= tabler, path.name


def test_only_checkboxes_look_half_chosen() -> None:
    """A group of radio buttons of which none is chosen is `:indeterminate` too."""
    for path in (DESIGN / "assets" / "css").glob("*.css"):
        for selector in re.findall(r"\.form-check-input[^,{}\s]*:indeterminate", path.read_text()):
            assert "[type=checkbox]" in selector, f"{path.name}: {selector}"


ADAPTING = {"print.css", "small.css"}
"""Sheets that change for one medium what another sheet made."""


def test_a_class_is_made_by_one_sheet() -> None:
    """Two sheets that make the same class meet on one page one day, and neither author knows."""
    makers: dict[str, set[str]] = {}
    for sheet in PACKAGE.rglob("*.css"):
        if "build" in sheet.parts or sheet.name in ADAPTING:
            continue
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+)\{", rules):
            for name in re.findall(r"(?:^|,)\s*(\.gx-[\w-]+)\s*(?=,|$)", selectors):
                makers.setdefault(name, set()).add(sheet.name)
    assert {name: sheets for name, sheets in makers.items() if len(sheets) > 1} == {}
