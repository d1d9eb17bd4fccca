"""The translations' guard: what it must find, and that what we ship has nothing to find."""

import gettext as plain_gettext
import os
from pathlib import Path

import pytest

from guanxi.project.messages.__main__ import main, run
from guanxi.project.messages.catalogue import compile_all
from guanxi.project.messages.check import faults
from guanxi.project.messages.extract import Key, messages_in
from guanxi.project.messages.rules import complaints

HEAD = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one part that says two things, both translated."""
    part = tmp_path / "foundation"
    (part / "templates").mkdir(parents=True)
    (part / "words.py").write_text('from x import _, ngettext\nA = _("Save %(name)s")\n')
    (part / "templates" / "page.html").write_text(
        "{% load i18n %}{# 客户 #}"
        "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    write(
        tmp_path,
        'msgid "Save %(name)s"\nmsgstr "保存%(name)s"\n\n'
        'msgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s 行"\n',
    )
    return tmp_path


def write(package: Path, entries: str, part: str = "foundation") -> Path:
    file = package / part / "locale/zh_Hans/LC_MESSAGES/django.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + entries, encoding="utf-8")
    return file


def test_a_complete_catalogue_has_no_faults(package: Path) -> None:
    assert faults(package) == []


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ('msgid "Save %(name)s"\nmsgstr ""\n', "has no Chinese"),
        ('#, fuzzy\nmsgid "Save %(name)s"\nmsgstr "保存%(name)s"\n', "fuzzy"),
        ('msgid "Save %(name)s"\nmsgstr "保存%(who)s"\n', "other placeholders"),
        ('msgid "Save %(name)s"\nmsgstr "保存%(name)s"\n\nmsgid "Gone"\nmsgstr "没了"\n', "said nowhere"),
        ('msgid "Save %(name)s"\nmsgstr "保存%(name)s"\n\n#~ msgid "Old"\n#~ msgstr "旧"\n', "obsolete"),
        ('msgid "Save %(name)s"\nmsgstr "保存%(name)s"\n\nmsgid "Save %(name)s"\nmsgstr "存"\n', "twice"),
        ('msgid "Save %(name)s"\nmsgstr "保存 customer %(name)s"\n', "leaves English"),
        ('msgid "Save %(name)s"\nmsgstr "请保存,%(name)s"\n', "half-width"),
    ],
)
def test_each_fault_of_a_catalogue_is_named(package: Path, entries: str, said: str) -> None:
    write(package, entries + '\nmsgid "%(n)s row"\nmsgid_plural "%(n)s rows"\nmsgstr[0] "%(n)s 行"\n')
    assert any(said in fault for fault in faults(package)), faults(package)


def test_a_missing_translation_is_named_with_its_place(package: Path) -> None:
    (package / "foundation" / "more.py").write_text('\n\nB = _("Delete")\n')
    assert faults(package) == ["foundation/more.py:3: 'Delete' is not translated"]


def test_what_a_lower_part_says_need_not_be_repeated_above(package: Path) -> None:
    above = package / "project"
    above.mkdir()
    (above / "views.py").write_text('A = _("Save %(name)s")\n')
    assert faults(package) == []


def test_two_translations_of_one_message_are_a_fault_because_only_one_is_ever_shown(package: Path) -> None:
    above = package / "project"
    above.mkdir()
    (above / "views.py").write_text('A = _("Save %(name)s")\n')
    write(package, 'msgid "Save %(name)s"\nmsgstr "存下%(name)s"\n', "project")
    assert any("only one is shown" in fault for fault in faults(package))


def test_chinese_in_code_and_templates_is_a_fault_but_not_in_comments_and_docstrings(package: Path) -> None:
    (package / "foundation" / "bad.py").write_text('"""客户"""\nA = "客户"  # 客户\n', encoding="utf-8")
    (package / "foundation" / "templates" / "bad.html").write_text("<p>\n客户</p>", encoding="utf-8")
    assert faults(package) == [
        "foundation/bad.py:2: Chinese outside the catalogues",
        "foundation/templates/bad.html:2: Chinese outside the catalogues",
    ]
    (package / "foundation" / "bad.py").write_text(
        '# Chinese in code: a table\nA = "客户"\n', encoding="utf-8"
    )
    assert len(faults(package)) == 1


@pytest.mark.parametrize(
    ("english", "chinese", "fine"),
    [
        ("Open it (now)", "打开（立即）", True),
        ("Open it (now)", "打开(立即)", False),
        ("Wait…", "请稍候……", True),
        ("Wait…", "请稍候...", False),
        ("Done.", "完成。", True),
        ("Done.", "完成.", False),
        ("At %(time)s: done", "%(time)s：完成", True),
        ("At 17:48 done", "17:48 完成", True),
        ("Total 1,000", "合计 1,000", True),
        ("See <a href='x'>here</a>", "请看<a href='x'>这里</a>", True),
        ("See <a href='x'>here</a>", "请看这里", False),
        ("Write to a@example.com", "请写信至 a@example.com", True),
        ("Import a CSV file", "导入 CSV 文件", True),
        ("Import a CSV file", "导入 CSV file", False),
        ("“Name” is used", "“名称”已被使用", True),
        ("“Name” is used", '"名称"已被使用', False),
        ("100%% of {n}", "{n} 的 100%%", True),
    ],
)
def test_chinese_is_written_as_chinese_is(english: str, chinese: str, fine: bool) -> None:
    assert (list(complaints(Key(english), (chinese,))) == []) is fine, list(
        complaints(Key(english), (chinese,))
    )


def test_messages_are_found_in_every_form_templates_and_python_have(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        """{% load i18n %}
        {% translate "One" %} {% trans 'Two' context "menu" %} {{ _("Three") }} {{ x|default:_("Four") }}
        {% include "a.html" with title=_("Five") %}
        {% blocktranslate trimmed with a=b.c %}
            Six {{ a }}
            lines
        {% endblocktranslate %}
        {% comment %}{% translate "No" %}{% endcomment %} 5 % _(no)"""
    )
    assert {key for key, _ in messages_in(page)} == {
        Key("One"), Key("Two", context="menu"), Key("Three"), Key("Four"), Key("Five"),
        Key("Six %(a)s lines"),
    }  # fmt: skip
    code = tmp_path / "code.py"
    code.write_text('pgettext_lazy("c", "a" "b"); ngettext("x", "y", 2); t.gettext("z"); _(variable)')
    assert {key for key, _ in messages_in(code)} == {Key("ab", context="c"), Key("x", "y"), Key("z")}


def test_update_appends_what_is_missing_and_prune_takes_out_the_rest(package: Path) -> None:
    file = package / "foundation/locale/zh_Hans/LC_MESSAGES/django.po"
    before = file.read_text(encoding="utf-8")
    (package / "foundation" / "more.py").write_text('B = pgettext("c", "Two\\n\\"lines\\"")\n')
    import argparse

    update = argparse.Namespace(check=False, update=True, prune=False, compile=False)
    assert run(update, package) == 0
    after = file.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip())
    assert [fault for fault in faults(package) if "has no Chinese" in fault] == faults(package) != []
    (package / "foundation" / "more.py").unlink()
    prune = argparse.Namespace(check=False, update=False, prune=True, compile=False)
    assert run(prune, package) == 0
    assert file.read_text(encoding="utf-8") == before
    assert faults(package) == []


def test_compiled_catalogues_speak_and_are_written_only_when_out_of_date(package: Path) -> None:
    written = compile_all(package)
    assert [path.name for path in written] == ["django.mo"]
    with written[0].open("rb") as file:
        spoken = plain_gettext.GNUTranslations(file)
    assert spoken.gettext("Save %(name)s") == "保存%(name)s"
    assert spoken.ngettext("%(n)s row", "%(n)s rows", 5) == "%(n)s 行"
    assert compile_all(package) == []
    source = package / "foundation/locale/zh_Hans/LC_MESSAGES/django.po"
    later = written[0].stat().st_mtime + 1
    os.utime(source, (later, later))
    assert compile_all(package) == written


def test_the_chinese_of_this_product_is_complete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["messages", "--check"])
    assert main() == 0, capsys.readouterr().out
