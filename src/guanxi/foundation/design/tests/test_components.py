"""Components escape what they are given, say what they are, and carry nothing that CSP refuses."""

import re

import pytest
from django import forms
from django.utils.safestring import SafeString

from guanxi.foundation.design import marks
from guanxi.foundation.design.forms import field_of
from guanxi.foundation.design.shapes import (
    Clause,
    Column,
    Fact,
    Field,
    Job,
    MenuItem,
    More,
    Option,
    PanelRow,
    Repair,
    Row,
    Sentence,
    Table,
    Toast,
)
from guanxi.foundation.design.tests.drawing import draw, frame, sheet

EVIL = '<b onclick="x">&'


@pytest.mark.parametrize(
    "drawn",
    [
        draw(
            "{% gx_grade x x %}{% gx_tag x %}{% gx_toned x 'bad' %}{% gx_intent 1 x %}{% gx_bar 1 2 x %}",
            x=EVIL,
        ),
        draw("{% gx_avatar x %}{% gx_icon 'x' x %}{% gx_day x %}{% gx_section x x '/' x %}", x=EVIL),
        draw("{% gx_alert 'bad' 'x' x %}{{ x }}{% endgx_alert %}{% gx_empty x x '/' x %}", x=EVIL),
        draw("{% gx_event 'x' x x x %}{{ x }}{% endgx_event %}{% gx_li x '/' x x x x %}", x=EVIL),
        draw("{% gx_facts x %}", x=[Fact(key="k", label=EVIL, value=EVIL, edit_url="/")]),
        draw("{% gx_panel 'x' x %}", x=[PanelRow(title=EVIL, sub=EVIL, end=EVIL, end_sub=EVIL)]),
        draw("{% gx_field x %}", x=Field(name="n", label=EVIL, value=EVIL, errors=[EVIL], hint=EVIL)),
        draw(
            "{% gx_field x %}",
            x=Field(name="n", label="x", kind="picker", options=[Option(value=EVIL, label=EVIL)]),
        ),
        draw("{% gx_options x x.0.label %}", x=[Option(value=EVIL, label=EVIL, sub=EVIL, group=EVIL)]),
        draw(
            "{% gx_filters x %}",
            x=Sentence(clauses=[Clause(key="k", before=EVIL, value=EVIL, editor_url="/")]),
        ),
        draw(
            "{% gx_menu x 'l' %}",
            x=[MenuItem(label=EVIL, hint=EVIL, url="/", method="post", fields={"a": EVIL})],
        ),
        draw(
            "{% gx_confirm 'i' x x x '/' %}{% gx_job j %}{% gx_toast t %}",
            x=EVIL,
            j=Job(id="1", title=EVIL),
            t=Toast(text=EVIL),
        ),
        draw(
            "{% gx_table x %}",
            x=Table(
                columns=[Column(key="a", label=EVIL)],
                rows=[Row(id="1", url="/", label=EVIL, cells=[EVIL], sub=EVIL, meta=EVIL)],
            ),
        ),
    ],
)
def test_outside_text_is_escaped_everywhere(drawn: str) -> None:
    assert "<b onclick" not in drawn
    assert 'onclick="' not in drawn
    assert "&lt;b onclick" in drawn


def test_safe_text_made_by_our_marks_is_drawn_as_it_is() -> None:
    row = Row(id="1", url="/", label="x", cells=["name", marks.grade("A")])
    drawn = draw(
        "{% gx_table t %}",
        t=Table(columns=[Column(key="a", label="a"), Column(key="b", label="b")], rows=[row]),
    )
    assert '<span class="gx-gr gx-gr-A">A</span>' in drawn


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_page_carries_an_inline_style_or_handler(language: str) -> None:
    page = sheet(language)
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son\w+=", page)
    assert re.findall(r"<script(?![^>]* (?:src|type)=)[^>]*>", page) == [
        "<script>"
    ]  # the one that takes the nonce


def test_the_inline_script_takes_the_nonce_of_the_request() -> None:
    class Request:
        csp_nonce = "abc"
        COOKIES = {"gx_theme": "dark"}

    page = sheet(request=Request(), frame=None)
    assert '<script nonce="abc">' in page
    assert 'data-bs-theme="dark"' in page


def test_the_frame_names_the_current_place_and_leaves_out_what_has_no_address() -> None:
    page = sheet(active="a")
    assert page.count('aria-current="page"') == 3  # sidebar, tab bar, and the sample's own tab
    bare = sheet(
        frame=frame(search_url="", notices_url="", sign_out_url="", create=(), tabs=(), companies=())
    )
    for absent in ("gx-palette-q", "gx-tabbar", "data-gx-signout", "gx-companies"):
        assert absent not in bare


def test_a_field_with_an_error_points_to_its_message_and_offers_the_mend() -> None:
    field = Field(
        name="code",
        label="Code",
        errors=["Wrong."],
        hint="18 characters",
        repair=Repair(label="Fix", value="1"),
    )
    drawn = draw("{% gx_field f %}", f=field)
    assert 'aria-describedby="id_code_error id_code_hint"' in drawn
    assert 'id="id_code_error"' in drawn
    assert 'id="id_code_hint"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'data-gx-fill="id_code" data-value="1"' in drawn
    assert "required" not in drawn


class Sample(forms.Form):
    name = forms.CharField(max_length=20, help_text="As on the licence")
    day = forms.DateField(required=False, widget=forms.DateInput(), initial=None)
    grade = forms.ChoiceField(choices=[("A", "Key"), ("B", "Ordinary")])
    parts = forms.MultipleChoiceField(choices=[("1", "One"), ("2", "Two")], required=False)
    agreed = forms.BooleanField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput(), required=False)


def test_a_django_form_is_drawn_with_what_was_typed() -> None:
    form = Sample({"name": "x" * 21, "grade": "B", "parts": ["2"], "agreed": "on", "secret": "hush"})
    drawn = draw(
        "{% for field in form %}{% gx_field field %}{% endfor %}{% gx_form_errors form %}", form=form
    )
    assert f'value="{"x" * 21}"' in drawn
    assert 'maxlength="20"' in drawn
    assert "at most 20 characters" in drawn
    assert '<option value="B" selected>' in drawn
    assert 'name="parts" value="2" checked' in drawn
    assert re.search(r'name="agreed" id="id_agreed" value="on" checked', drawn)
    assert "hush" not in drawn
    assert 'type="date"' in drawn


def test_a_field_may_be_changed_for_its_place() -> None:
    assert field_of(Sample()["name"], {"hint": "here", "wide": True}).hint == "here"


def test_a_picker_is_a_combobox_with_its_list_and_its_hidden_value() -> None:
    field = Field(
        name="owner",
        label="Owner",
        kind="picker",
        url="/o/",
        value="7",
        options=[Option(value="7", label="Lin")],
    )
    drawn = draw("{% gx_field f %}", f=field)
    assert 'role="combobox"' in drawn
    assert 'aria-controls="id_owner_list"' in drawn
    assert 'id="id_owner_list" role="listbox"' in drawn
    assert '<input type="hidden" name="owner" value="7">' in drawn
    many = draw("{% gx_field f multiple=True %}", f=field)
    assert many.count('type="hidden"') == 1
    assert "Remove Lin" in many


def test_a_sorted_head_says_so_and_a_row_is_named_to_a_screen_reader() -> None:
    columns = [
        Column(key="n", label="Name", sort_url="?s=n", sort="asc"),
        Column(key="m", label="Money", align="num"),
    ]
    rows = [Row(id="9", url="/9/", label="Acme", cells=["Acme", "1"])]
    drawn = draw("{% gx_table t %}", t=Table(columns=columns, rows=rows, selectable=True))
    assert 'aria-sort="ascending"' in drawn
    assert 'aria-label="Select Acme"' in drawn
    assert 'href="?s=n"' in drawn


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw(
            "{% gx_table t %}",
            t=Table(columns=[Column(key="n", label="N")], rows=[Row(id="1", url="/", label="x", cells=[])]),
        )


def test_the_total_is_exact_or_a_word_or_asked_for_later() -> None:
    assert " of 2,960" in draw("{% gx_more m %}", m=More(shown=50, total=2960))
    word = draw("{% gx_more m %}", m=More(shown=50, total="10,000+", exact_url="/count/"))
    assert " of 10,000+" in word
    assert 'hx-get="/count/"' in word
    assert 'hx-trigger="load"' in draw("{% gx_more m %}", m=More(shown=50, total_url="/t/"))


def test_a_masked_fact_cannot_be_edited() -> None:
    drawn = draw(
        "{% gx_facts f %}", f=[Fact(key="p", label="Phone", value="139****", edit_url="/e/", masked=True)]
    )
    assert "/e/" not in drawn
    assert "gx-mask" in drawn


def test_a_job_that_runs_asks_again_and_one_that_ended_does_not() -> None:
    running = Job(id="1", title="Import", done=3, total=10, poll_url="/j/")
    assert 'hx-get="/j/"' in draw("{% gx_job j %}", j=running)
    assert '<progress class="gx-bar" value="3" max="10"' in draw("{% gx_job j %}", j=running)
    ended = Job(
        id="1", title="Import", state="done", result=SafeString('10 created, <a href="/r/">44 rejected</a>.')
    )
    assert "hx-get" not in draw("{% gx_job j %}", j=ended)
    assert '<a href="/r/">' in draw("{% gx_job j %}", j=ended)


def test_an_error_page_needs_no_frame_and_shows_the_id_to_quote() -> None:
    from django.template.loader import render_to_string

    page = render_to_string(
        "gx/error.html", {"heading": "No such page", "text": "Look again.", "error_id": "7F3K"}
    )
    assert "7F3K" in page
    assert "<h1>No such page</h1>" in page


def test_everything_of_the_sidebar_stands_in_its_landmark_and_the_bell_opens_the_latest() -> None:
    page = sheet(frame=frame(notices_latest_url="/notices/latest/"))
    side = page[page.index('<nav class="gx-side"') : page.index('<div class="gx-col">')]
    assert "gx-brand" in side
    assert side.count("<nav") == side.count("</nav>") == 1
    assert 'data-gx-load="/notices/latest/"' in page
    assert 'href="/notices/"' in page  # without JavaScript
    assert "data-gx-load" not in sheet(frame=frame()).split("gx-top")[1].split("gx-main")[0]


def test_a_long_jobs_title_is_cut_where_there_is_little_room() -> None:
    for state in ("running", "done", "failed"):
        drawn = draw("{% gx_job x small=True %}", x=Job(id="1", title="很长的名称" * 20, state=state))
        assert "gx-cut" in drawn
