"""The data that components draw. Plain frozen values: no component asks a database or a permission.

Text is escaped when drawn. A value of type `SafeString` is drawn as it is, so build one only with
`format_html` or with the functions of `marks.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.safestring import SafeString

from guanxi.foundation.design.words import shown_number

Tone = Literal["", "good", "warn", "bad", "acc", "quiet"]
Align = Literal["", "num"]
Phone = Literal["", "title", "mark", "meta", "end", "end2"]
Kind = Literal[
    "text", "textarea", "number", "email", "tel", "url", "search", "date", "datetime-local", "time",
    "password", "select", "choices", "radio", "checkbox", "picker", "file", "hidden",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A line of a menu, a bulk bar or a row of buttons.

    `method="post"` makes it a form of its own with the CSRF token and `fields`. `dialog` names the id of a
    `<dialog>` to open instead. `tone="bad"` is for what takes something away.
    """

    label: str
    url: str = ""
    icon: str = ""
    method: Literal["get", "post"] = "get"
    fields: Mapping[str, str] = field(default_factory=dict)
    dialog: str = ""
    tone: Tone = ""
    current: bool = False
    hint: str = ""
    key: str = ""  # the key that presses it, shown as a key cap
    divided: bool = False  # a hairline above
    phone: str = ""  # its short word in the head of a list on a phone; "" for not being there
    items: Sequence["MenuItem"] = ()  # in the head of a list: what it opens, instead of leading somewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A saved view, or a part of a page, as text with its count."""

    label: str
    url: str
    current: bool = False
    count: int | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice: in a select, a list of checks, a picker's answer or the command palette.

    `label` may be `SafeString` with `<mark>` around what matched. In the palette `url` makes it a place to go, with
    `fields` an act that is posted there; `press` names (a CSS selector) what it presses on the page. `masked` says
    that the reader may not see the record itself, only what stands here.
    """

    value: str = ""
    label: str = ""
    sub: str = ""
    group: str = ""
    icon: str = ""
    url: str = ""
    selected: bool = False
    disabled: bool = False
    masked: bool = False
    press: str = ""
    fields: Mapping[str, str] | None = None
    key: str = ""  # the key that does the same, shown as a key cap
    name: str = ""  # what the picker's field shows once chosen, where `label` carries marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A one-press mend of a wrong value: the button says what it does, the field takes `value`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `options` serve select, choices, radio, and a picker's values already chosen."""

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    options: Sequence[Option] = ()
    required: bool = False
    hint: str = ""
    errors: Sequence[str] = ()
    repair: Repair | None = None
    placeholder: str = ""
    wide: bool = False
    url: str = ""  # picker: GET ?q= answers with `gx/options.html`; any other kind: validates on change
    multiple: bool = False  # picker with chips
    create_url: str = (
        ""  # picker: GET ?text= answers with a form for a dialog, whose POST answers `data-gx-made`
    )
    autocomplete: str = ""
    inputmode: str = ""
    maxlength: int | None = None
    rows: int = 3
    disabled: bool = False
    readonly: bool = False
    autofocus: bool = False
    prefix: str = ""  # of the id, where one form stands twice on a page
    unit: str = ""  # stands behind the field
    attrs: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"id_{self.prefix}{self.name}"

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}_error"] * bool(self.errors) + [f"{self.id}_hint"] * bool(self.hint)
        parts += [f"{self.id}_unit"] * bool(self.unit)
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """A part of a form: its name at the left, its fields at the right, two to a line unless `wide`. One that is
    `folded` shows its name alone until it is opened."""

    title: str
    fields: Sequence[Field]
    hint: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and a value on a card. With `edit_url` the value is a button that htmx swaps for the editor.

    `value` empty and `edit_url` set reads "Add". `masked` values are drawn wider and never edited. `history_url` is
    behind the label: what the value was before.
    """

    key: str
    label: str
    value: str = ""
    edit_url: str = ""
    history_url: str = ""
    masked: bool = False

    @property
    def linked(self) -> bool:
        """Whether the value holds a link of its own: then the way to the editor stands beside it."""
        return isinstance(self.value, SafeString) and "<a " in self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table. `phone` says where the cell stands on a phone; "" leaves it out there.

    `minor` columns go between 720 and 1,024 px. `sort` is "asc", "desc" or "" as sorted now, `place` its place among
    several; `add_url` sorts by this too. `width` is in pixels. `editor` is the address of a cell's editor, relative to
    its row's `url`; rows without `edit_url` have none.
    """

    key: str
    label: str
    align: Align = ""
    sort_url: str = ""
    sort: Literal["", "asc", "desc"] = ""
    add_url: str = ""
    place: int = 0
    width: int | None = None
    editor: str = ""
    minor: bool = False
    phone: Phone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table; `cells` in the order of the columns. `label` names the row to a screen reader."""

    id: str
    url: str
    label: str
    cells: Sequence[str]
    preview_url: str = ""
    edit_url: str = ""
    selected: bool = False
    current: bool = False
    meta: str = ""  # the second line on a phone
    sub: str = ""  # after the first cell's link, in grey


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """How much of a list is shown. `total` None with `total_url` asks for it in a second request.

    `total` may be a word such as "10,000+"; `exact_url` then offers to count. `unit` names what is counted
    (rows, 行) where it is not a record.
    """

    shown: int
    total: int | str | None = None
    total_url: str = ""
    exact_url: str = ""
    more_url: str = ""
    step: int = 50
    unit: str = ""

    @property
    def next(self) -> int:
        """How many more the next page brings: fewer than a whole page where the total is known and near."""
        return min(self.step, self.total - self.shown) if isinstance(self.total, int) else self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list as a table. `id` makes the DOM ids; `selectable` puts a check before every row.

    `part` is the DOM id of what sorting draws anew (default: the table). `compact` sets the rows closely. `query` goes
    along when a cell is edited in its place, so that its row is drawn anew as it was; `again` is the address of the
    table as it is, from which another one of its widths is made.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    id: str = "list"
    label: str = ""
    selectable: bool = False
    part: str = ""
    compact: bool = False
    query: str = ""
    again: str = ""
    more: More | None = None

    @property
    def fixed(self) -> bool:
        """Whether any column has a width of somebody's choice."""
        return any(column.width for column in self.columns)

    @property
    def hidden_when_narrow(self) -> int:
        """How many columns go between 720 and 1,024 px."""
        return sum(column.minor for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A condition of the filter sentence: `before` (grey), `value` (a button), `after` (grey).

    `editor_url` answers with the popover's content; `remove_url` is the same list without the condition. `joint` is
    the and/or before it (after a `comma`), `joint_url` the same list with the other one. A clause that `opens`
    brackets has its joint before them; one that `closes` them may have an `add_url`, for one more condition inside.
    `exact` says on paper which days a value such as "this week" means.
    """

    key: str
    before: str = ""
    value: str = ""
    editor_url: str = ""
    remove_url: str = ""
    after: str = ""
    comma: bool = False
    joint: str = ""
    joint_url: str = ""
    opens: bool = False
    closes: bool = False
    add_url: str = ""
    exact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """The filter as a sentence. `add_url` answers with the list of fields to filter by. `part` is the DOM id of what
    a changed filter draws anew: the table with what stands around it. `found` says how many match; where that is
    told later, it is put into the element `gx-found`.
    """

    part: str = ""
    clauses: Sequence[Clause] = ()
    add_url: str = ""
    sort: Clause | None = None
    clear_url: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """A row of a related panel: `title` over `sub` at the left, `end` over `end_sub` at the right. `more` are further
    words under them, over the whole width and as many lines as they take. What is `past` (who has left) is not printed
    on the sheet that says how things stand."""

    title: str
    url: str = ""
    sub: str = ""
    more: str = ""
    end: str = ""
    end_sub: str = ""
    tone: Tone = ""
    past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What was done to how many, with the way back. Never an error. `undo_url` takes a POST; `undone` is of what was an
    undoing itself: the way back puts it back."""

    text: str
    undo_url: str = ""
    undone: bool = False
    seconds: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Long work: running with `done` of `total`, or ended with a `result` sentence.

    `poll_url` answers with the job drawn anew; leave it empty once the job has ended.
    """

    id: str
    title: str
    done: int = 0
    total: int = 0
    state: Literal["waiting", "running", "done", "failed"] = "running"
    note: str = ""
    result: str = ""
    url: str = ""
    poll_url: str = ""
    stop_url: str = ""

    @property
    def counted(self) -> str:
        return f"{shown_number(self.done)} / {shown_number(self.total)}" if self.total else ""
