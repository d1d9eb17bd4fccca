"""What every kind of field can do. A kind holds no state of a request: it is declared once, at import."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Message
from guanxi.kernel.phones import mask_text
from guanxi.kernel.text import clean_text

Words = str | Promise


PREFIX = "x_"  # of the names of a company's own fields
# What each of these operators denies: what has no value is none of what was named either.
DENIED = {"not": "is", "outside": "between"}


class Declared(Protocol):
    """What a kind knows of the resource it is declared on."""

    key: ClassVar[str]
    model: ClassVar[type[models.Model]]

    @classmethod
    def url(cls, page: str = "list", **arguments: Any) -> str: ...


class FieldProblem(ValueError):
    """One value is not acceptable: why, and what would be, where we know (`repair`)."""

    def __init__(self, code: str, text: Words, *, repair: str = "", **params: object) -> None:
        self.message = Message(code, text, params)
        self.repair = repair
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Computed:
    """Where the values of a field come from that is no column of its record: an upper context's contribution.

    `read` gives the values of many records, by their ids, in one query; what it leaves out has none. With `find` a
    list can be filtered: it brings a condition on `path`, a column of the upper context's own model, over to the
    record (`Q(pk__in=Ticket.objects.filter(q).values("customer_id"))`); an empty one asks for those that have any.
    Fields that share one `read` ask once for the same records; `part` is what each takes of the answer.
    """

    read: Callable[[Actor, Collection[UUID]], Mapping[UUID, Any]]
    find: Callable[[Actor, Q], Q] | None = None
    path: str = ""
    part: Callable[[Any], Any] | None = None

    def values(self, ids: Collection[UUID], show: "Show") -> Mapping[UUID, Any]:
        """Those of these records."""
        asked, found = show.answers.get(self.read, (None, {}))
        if asked != (wanted := frozenset(ids)):
            found = self.read(show.actor, ids)
            show.answers[self.read] = (wanted, found)
        return found if self.part is None else {pk: self.part(one) for pk, one in found.items()}


@dataclass(frozen=True, slots=True)
class Own:
    """What a company says of a field of its own, beside its kind and its label.

    `narrow` compares through the field's index, once that is filled; without it a query reads the JSON. `default` is
    an outside value for new records that say nothing. `hidden` fields stand on no form, card or list. `asked` ones are
    questions, `needed` those without whose answer the act is refused that `Resource.qualifies` names.
    """

    narrow: "Callable[[Kind, Mapping[str, Any]], Q] | None" = None
    default: Any = None
    unique: bool = False
    searched: bool = False
    listed: bool = False
    hidden: bool = False
    asked: bool = False
    needed: bool = False


@dataclass(slots=True)
class Show:
    """Where and to whom values are shown: actor, language, and what was looked up for the whole page."""

    actor: Actor
    language: str = "zh-hans"
    looked_up: dict[tuple[str, UUID], Any] = field(default_factory=dict)
    answers: dict[Any, tuple[frozenset[UUID], Mapping[UUID, Any]]] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class Kind:
    """A declared field. `name` is the model's attribute; the label defaults to the model field's.

    `only_read` fields are never written from outside. `personal` marks data about a human being. `minor`
    columns leave the table on a narrow screen first. `help` stands under the field in forms. `code` is the
    permission without which the field is not there, `set_code` that without which it is only read; `computed` says
    where it comes from if it is no column.
    """

    name: str
    label: Words = ""
    required: bool = False
    only_read: bool = False
    personal: bool = False
    minor: bool = False
    wide: bool = False
    help: Words = ""
    aliases: Sequence[str] = ()
    code: str = ""
    set_code: str = ""
    computed: Computed | None = None
    align: ClassVar[str] = ""
    operators: ClassVar[tuple[str, ...]] = ("is", "not", "empty", "filled")
    # How a filter's values are entered where they are neither chosen nor searched: "text", "number" or "date".
    filter_input: ClassVar[str] = "text"
    # Whether stored values stand in an order that means something to people: a company's own field can then be
    # sorted by. Texts do not (that takes a pinyin key), nor do codes and ids.
    sortable: ClassVar[bool] = False
    # What the bar at the foot of a card offers on a phone: "call", "wechat" or "navigate"; "" for nothing.
    quick: ClassVar[str] = ""
    # Other columns of its record that its cell depends on, where its own value is not all.
    looks_at: ClassVar[tuple[str, ...]] = ()
    resource: type[Declared] = field(init=False, repr=False)
    column: str = field(init=False, default="")
    # One of the company's own: kept in the row's `own` by its name instead of in a column.
    own: Own | None = field(init=False, default=None)

    def bind(self, resource: type[Declared]) -> None:
        """Called once, at registration: take label and column from the model."""
        self.resource = resource
        if self.computed is not None:
            self.column, self.only_read = self.name, True
            return
        model_field: Any = resource.model._meta.get_field(self.name)
        self.column = model_field.attname
        if not self.label:
            self.label = model_field.verbose_name

    def bind_own(self, resource: type[Declared], own: Own | None = None) -> None:
        """Instead of `bind`, for a company's own field; its name begins with `x_` and it has a label."""
        self.resource, self.column, self.own = resource, self.name, own or Own()

    @property
    def path(self) -> str:
        """Where a query finds the value."""
        if self.computed is not None:
            return self.computed.path
        return f"own__{self.name}" if self.own else self.column

    # In

    def clean(self, raw: object, actor: Actor) -> Any:
        """The stored value of what came from outside (form, JSON, cell). Raises FieldProblem."""
        raise NotImplementedError

    def blank(self) -> Any:
        """The stored value of "nothing"."""
        return ""

    def is_blank(self, value: Any) -> bool:
        return value in (None, "", ())

    def checked(self, raw: object, actor: Actor) -> Any:
        """`clean` with the rule of required fields."""
        value = self.blank() if raw is None or raw == "" else self.clean(raw, actor)
        if self.required and self.is_blank(value):
            raise FieldProblem("required", _("Fill this in."))
        return value

    def pack(self, value: Any) -> Any:
        """A stored value as JSON keeps it, in `own` and in the images of the ledger."""
        return value

    def unpack(self, value: Any) -> Any:
        """A value of JSON as it is stored; what is absent is `blank`."""
        return self.blank() if value is None else value

    def of_image(self, value: Any) -> Any:
        """A value of an image of the ledger as it is stored."""
        if self.own:
            return self.unpack(value)
        model_field: Any = self.resource.model._meta.get_field(self.name)
        return model_field.to_python(value)

    # Out

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        """Fetch at once what showing the field of many records needs beside their own columns."""
        if self.computed is not None:
            found = self.computed.values([record.pk for record in records], show)
            for record in records:
                setattr(record, self.column, found.get(record.pk, self.blank()))

    def value(self, record: Any) -> Any:
        """The stored value of a record; of a computed field what `prefetch` has brought."""
        if self.computed is not None:
            return getattr(record, self.column, self.blank())
        return self.unpack(record.own.get(self.name)) if self.own else getattr(record, self.column)

    def said(self, value: Any, language: str) -> str:
        """A stored value as people read it."""
        return str(value)

    def logged(self, value: Any, language: str) -> str:
        """A stored value as the change log says it, whose reader need not see what it refers to."""
        return self.said(value, language)

    def text(self, record: Any, show: Show) -> str:
        """As people read it, in the language of `show`; "" for nothing."""
        value = self.value(record)
        return "" if value is None or value == "" else self.said(value, show.language)

    def html(self, record: Any, show: Show) -> str:
        """For a cell or a fact: plain text (escaped when drawn) or a SafeString."""
        return self.text(record, show)

    def fact(self, record: Any, show: Show) -> str:
        """For a card, where a mark has room for its word."""
        return self.html(record, show)

    def json(self, record: Any, show: Show) -> Any:
        """For the API."""
        value = self.value(record)
        return value if value is None or isinstance(value, str | int | bool) else str(value)

    def cell(self, record: Any, show: Show) -> Any:
        """For a spreadsheet: what `clean` reads back."""
        return self.text(record, show)

    def cells_of(self, values: Sequence[Any], show: Show) -> Sequence[Any]:
        """`cell` of many stored values at once, of a field whose cell is said by its value alone."""
        language, said = show.language, self.said
        return ["" if value is None or value == "" else said(value, language) for value in values]

    def masked(self, record: Any, show: Show) -> str:
        """What a role that may not read the value sees instead."""
        return mask_text(self.text(record, show))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string"}

    # Edit and filter

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        """The form field for a stored value, or for the raw text that was just refused."""
        return Field(
            name=self.name,
            label=str(self.label),
            value="" if value is None else str(value),
            required=self.required,
            hint=str(self.help),
            wide=self.wide,
            **more,
        )

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        """The condition of a filter. Raises FieldProblem for values that cannot be read."""
        match operator:
            case "empty":
                absent = self.own or self.blank() is None
                return self.compare(isnull=True) if absent else self.compare(exact=self.blank())
            case "filled":
                return ~self.condition("empty", (), actor)
            case "is" | "not":
                wanted = [self.clean(value, actor) for value in values]
                q = self.compare(exact=wanted[0]) if len(wanted) == 1 else self.compare(**{"in": wanted})
                return q if operator == "is" else ~q
        raise FieldProblem("operator", _("This cannot be compared that way."))

    def compare(self, **lookups: Any) -> Q:
        """Stored values compared in SQL, all lookups at once: of an own field in the JSON or its narrow index."""
        if self.own is None:
            return Q(**{f"{self.path}__{lookup}": value for lookup, value in lookups.items()})
        packed = {lookup: self._packed(lookup, value) for lookup, value in lookups.items()}
        if self.own.narrow is not None:
            return self.own.narrow(self, packed)
        # With its key, so that "not" holds for what has no value: comparing with nothing is neither true nor false.
        there = {} if "isnull" in packed else {"own__has_key": self.name}
        return Q(**there, **{f"{self.path}__{lookup}": value for lookup, value in packed.items()})

    def _packed(self, lookup: str, value: Any) -> Any:
        if lookup == "isnull":
            return value
        return [self.pack(one) for one in value] if lookup == "in" else self.pack(value)

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        """`condition` as a list takes it: of a computed field it is brought over to the record."""
        if self.computed is None or self.computed.find is None:
            return self.condition(operator, values, actor)
        find = self.computed.find
        if operator in ("empty", "filled"):
            q = find(actor, Q())
        else:
            q = find(actor, self.condition(DENIED.get(operator, operator), values, actor))
        return ~q if operator == "empty" or operator in DENIED else q

    def filter_options(self, show: Show) -> Sequence[Option]:
        """What a filter's editor offers; empty where it is typed or searched."""
        return ()

    def filter_text(self, value: str, show: Show) -> str:
        """One value of a filter in words."""
        return value

    def lookups(self) -> tuple[str, ...]:
        """Relations to fetch with a list (select_related)."""
        return ()


def as_text(raw: object, *, multiline: bool = False, max_length: int | None = None) -> str:
    """Outside text through the one shared `clean`. Raises FieldProblem."""
    from guanxi.kernel.text import TextTooLong

    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise FieldProblem("type", _("This is not a text."))
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    try:
        return clean_text(str(raw), multiline=multiline, max_length=max_length)
    except TextTooLong as error:
        raise FieldProblem(
            "too_long",
            _("At most %(limit)s characters; these are %(length)s."),
            limit=max_length,
            length=len(str(raw)),
        ) from error
