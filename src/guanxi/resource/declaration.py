"""What an entity declares. A declaration is data; what it does is a service.

::

    @register
    class Customers(Resource):
        key, code, model = "customers", "customers.customer", Customer
        kinds = (Text(name="name", required=True), …)
        columns = ("name", "grade", "owner")
        form = (Section(_("Company"), ("name", "grade")),)
        create = services.create_customer
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kinds.kind import Kind, Show
from guanxi.resource import own
from guanxi.resource.actions import Action
from guanxi.resource.contributions import Panel
from guanxi.resource.keeping import Beside, Kept
from guanxi.resource.matching import Matching
from guanxi.resource.reach import Discretion, Everything, Reach
from guanxi.resource.withholding import Withholding

Words = str | Promise


def not_offered(*args: Any, **kwargs: Any) -> Any:
    """What stands where an entity declares no such act. Raises NotFound."""
    raise NotFound("not_offered")


# What a verb comes down to for the entity that another hangs on.
_ASKED = {"create": "edit", "delete": "edit", "assign": "edit"}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form and of the card's facts. A company's layout knows it by `key`: its first field's name.

    One that is `minor` is folded as long as nothing is filled in.
    """

    title: Words
    fields: tuple[str, ...]
    key: str = ""
    minor: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.fields[0])


@dataclass(frozen=True, slots=True)
class Sort:
    """A declared order: columns compared together, ending with the key. An index must serve it."""

    key: str
    label: Words
    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A list that needs no saving: the query of its address, which is about one `field`."""

    label: Words
    query: str
    field: str


@dataclass(frozen=True, slots=True)
class SearchText:
    """What a record is found by. `names` by pinyin too; `codes` only whole; `phones` by any part of 3 digits."""

    names: tuple[str, ...]
    phones: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    detail: str = ""
    person: bool = False


class Resource:
    """Base of all declarations; `registry.register` completes and checks them."""

    key: ClassVar[str]
    code: ClassVar[str]
    model: ClassVar[type[models.Model]]
    icon: ClassVar[str] = "file-text"
    label: ClassVar[Words] = ""
    label_plural: ClassVar[Words] = ""
    unit: ClassVar[Words] = ""
    # So many of them, in words: `%(shown)s` is the number as people read it.
    counted: ClassVar[Words] = ngettext_lazy("%(shown)s record", "%(shown)s records", "n")

    kinds: ClassVar[tuple[Kind, ...]]
    title: ClassVar[str] = "name"
    owner: ClassVar[str] = ""
    # Which rows a right finds that does not reach everything; without more those of the `owner`, or all.
    reach: ClassVar[Reach] = Everything()
    # The same for rights to change, where these find fewer rows: a touch is read by whoever sees the customer, and
    # changed by who did it.
    changed_by: ClassVar[Reach | None] = None
    # The reach of a list that asks nothing of a field, and that field: what lies in a pool is in sight, but nobody's
    # list is full of it.
    listed: ClassVar[tuple[Reach, str] | None] = None
    # Which of the rows are not for everybody whom a right reaches; None: they all are.
    discretion: ClassVar[Discretion | None] = None
    # Fields of single rows that are not for everybody who sees these rows.
    withheld: ClassVar[Withholding | None] = None
    # The code of the entity whose rights are asked where this one has none of its own: an address is seen by whoever
    # sees its customer, and to add, change or take one away is to edit the customer.
    asks: ClassVar[str] = ""
    # The link to the record it is a part of: from a form begun on that one's card people come back to it.
    part_of: ClassVar[str] = ""
    # Where people go to it: "work" or, beneath that, "goods" of the sidebar; "settings" for a list that is kept once.
    stands: ClassVar[Literal["work", "goods", "settings"]] = "work"
    told: ClassVar[bool] = (
        False  # whether the search tells of records beyond reach that they exist, and whose they are
    )
    columns: ClassVar[tuple[str, ...]]
    phone: ClassVar[dict[str, str]] = {}
    filters: ClassVar[tuple[str, ...]] = ()
    sorts: ClassVar[tuple[Sort, ...]]
    ready: ClassVar[tuple[Ready, ...]] = ()
    form: ClassVar[tuple[Section, ...]]
    header: ClassVar[tuple[str, ...]] = ()
    panels: ClassVar[tuple[Panel, ...]] = ()
    bulk_fields: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[dict[str, str]] = {}
    # Before which act a company's own questions are answered, in words for whoever makes one; "" where none are asked.
    qualifies: ClassVar[Words] = ""
    # Fields of which a record needs one, whichever it is.
    one_of: ClassVar[tuple[str, ...]] = ()
    actions: ClassVar[tuple[Action, ...]] = ()
    # Names of the fields that `search_text` and a record's name are made of; None: it might be any of them. A change
    # of others leaves the search alone, which a change of many is quick by. A system check holds it.
    search_fields: ClassVar[tuple[str, ...] | None] = None
    # What records are found by beside their fields; who writes it calls `writing.find_anew`.
    beside: ClassVar[Beside | None] = None
    # verb → ready-made role → reach; owner and administrator hold everything.
    rights: ClassVar[dict[str, dict[str, str]]] = {}

    # verb → what the change log says somebody did: "changed a customer".
    acts: ClassVar[dict[str, Words]] = {}

    create: ClassVar[Callable[..., Any]] = not_offered
    create_many: ClassVar[Callable[..., Any]] = not_offered
    edit: ClassVar[Callable[..., Any]] = not_offered
    edit_many: ClassVar[Callable[..., Any]] = not_offered
    edit_each: ClassVar[Callable[..., Any]] = not_offered
    remove_many: ClassVar[Callable[..., Any]] = not_offered
    # An import's writes to existing records: (actor, changes=[(id, stored values)], fresh=ids it created).
    update_imported: ClassVar[Callable[..., Any] | None] = None
    # Making several one: (actor, ids=…, keep=id or None, choices={field: whose value}) → the kept record.
    merge: ClassVar[Callable[..., Any]] = not_offered
    matching: ClassVar[Matching | None] = None
    # Puts new records that may be the same as others to those who decide: (actor, ids=…).
    review: ClassVar[Callable[..., Any] | None] = None
    kept: ClassVar[Kept | None] = None

    # What is declared and contributed; with what the company adds it is `fields()`.
    declared: ClassVar[dict[str, Kind]]
    contributed_filters: ClassVar[tuple[str, ...]] = ()

    # Reading a declaration

    @classmethod
    def fields(cls) -> Mapping[str, Kind]:
        """Every field by name: declared, contributed from above, and the company's own where a company is in scope."""
        mine = own.fields_of(cls)
        return cls.declared | dict(mine) if mine else cls.declared

    @classmethod
    def kind(cls, name: str) -> Kind:
        """One field. Raises KeyError."""
        found = cls.declared.get(name)
        return own.fields_of(cls)[name] if found is None else found

    @classmethod
    def filterable(cls) -> Sequence[str]:
        """Names of the fields a list can be filtered by: those declared for it, which answer at once, then the
        company's own and all others, without a promise of speed (`filters.promised`)."""
        mine = (name for name, kind in own.fields_of(cls).items() if not (kind.own and kind.own.hidden))
        others = (name for name, kind in cls.declared.items() if kind.computed is None)
        return list(dict.fromkeys((*cls.filters, *cls.contributed_filters, *mine, *others)))

    @classmethod
    def settable_in_bulk(cls) -> Sequence[str]:
        """Names of the fields that can be set on many records at once."""
        mine = own.fields_of(cls).values()
        return (*cls.bulk_fields, *(kind.name for kind in mine if not (kind.own and kind.own.unique)))

    @classmethod
    def usual_columns(cls) -> tuple[str, ...]:
        """The columns of a list nobody chose others for: the declared ones, and own fields that are to be there."""
        mine = own.fields_of(cls).values()
        return (*cls.columns, *(kind.name for kind in mine if kind.own and kind.own.listed))

    @classmethod
    def sections(cls, place: str = "form") -> Sequence[Section]:
        """Form or card ("card") as the company wants it: its own fields stand in a section of their own unless it
        moved them."""
        sections: Sequence[Section] = own.tailor().sections(cls, cls.form, place)
        return sections

    @classmethod
    def permission(cls, verb: str) -> str:
        """The code that a verb needs; a whole code, of an upper context's action, is itself."""
        if "." in verb:
            return verb
        return f"{cls.asks}.{_ASKED.get(verb, verb)}" if cls.asks else cls.act(verb)

    @classmethod
    def reach_of(cls, verb: str) -> Reach:
        """Which rows a right finds that does not reach everything."""
        last = verb.rpartition(".")[2]
        if last in ("view", "export"):
            return cls.reach
        return cls.changed_by or (cls.reach.editing() if last == "edit" else cls.reach.changing())

    @classmethod
    def act(cls, verb: str) -> str:
        """What the change log knows a verb by."""
        return f"{cls.code}.{verb}"

    @classmethod
    def count_words(cls, number: int) -> str:
        """ "312 customers"."""
        return str(cls.counted % {"n": number, "shown": f"{number:,}"})

    @classmethod
    def offers(cls, act: str) -> bool:
        """Whether the entity declares an act: "create", "edit_many" …"""
        return getattr(cls, act) is not not_offered

    @classmethod
    def url(cls, page: str = "list", **arguments: Any) -> str:
        return reverse(f"{cls.key}:{page}", kwargs=arguments)

    @classmethod
    def sort(cls, key: str) -> Sort | None:
        return next((sort for sort in cls.sorts if sort.key == key), None)

    @classmethod
    def writable(cls) -> Iterable[Kind]:
        return (kind for kind in cls.fields().values() if not kind.only_read)

    # What an entity may say in code; the defaults serve most

    @classmethod
    def exact(cls, text: str, closed: Collection[str] = ()) -> Q:
        """Which records a cell of an import means by this text; `closed` fields must not tell."""
        return Q(**{cls.title: text})

    @classmethod
    def exact_many(
        cls, rows: QuerySet[Any], texts: Collection[str], closed: Collection[str] = ()
    ) -> dict[str, list[UUID]]:
        """`exact` for many texts at once: for each, up to two of the given rows that it means."""
        return {
            text: list(rows.filter(cls.exact(text, closed)).values_list("pk", flat=True)[:2])
            for text in texts
        }

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        """Fill stored columns that follow from others (sort keys), in place. Given only what changes."""

    @classmethod
    def settle(cls, values: dict[str, Any], record: Any = None) -> None:
        """Bring cleaned values that others of their record say how to keep (an amount of its currency) to what is
        stored, in place; of a new record without one. The services do it before they write; who compares values
        earlier asks for it. Raises Invalid."""

    @classmethod
    def unsaid(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Stored values, beyond the usual ones, of a row of a file that says these: what is known of what it leaves
        out."""
        return {}

    @classmethod
    def called(cls, said: Mapping[str, str]) -> str:
        """What a row of a file is called that has no column of names, by the texts of its other columns: by field,
        those of what stands beside it as `sale_lines.product`. "" where they make no name."""
        return ""

    @classmethod
    def renewed(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Stored values that a row of a file says of a record that exists by saying these, whether they differ from
        what stands there or not."""
        return {}

    @classmethod
    def search_text(cls, record: Any) -> SearchText | None:
        """What a record is found by; None where the entity is not searched."""
        return None

    @classmethod
    def beside_title(cls, record: Any, show: Show) -> str:
        """A few grey words after the title in a list: the region, say."""
        return ""

    @classmethod
    def told_apart(cls, record: Any, show: Show) -> str:
        """A few words after the name where it stands by itself, among what was found by it."""
        return cls.beside_title(record, show)

    @classmethod
    def subtitle(cls, record: Any, show: Show) -> str:
        """The line under the title of a card."""
        return ""

    @classmethod
    def completeness(cls, actor: Actor, record: Any) -> tuple[int, Sequence[tuple[str, str]]] | None:
        """How complete a record is to this reader, in percent, and what is missing, the next to ask for first: its
        words, and the field's name or the address where it is added ("": not by this reader). None: every field of
        the card counts alike."""
        return None

    @classmethod
    def words(cls) -> dict[str, Words]:
        """Sentences a page needs; an entity says them better than they can be built from its name."""
        thing, things = cls.label, cls.label_plural
        return {
            "list_title": things,
            "new_title": format_lazy(_("New {thing}"), thing=thing),
            "empty_title": format_lazy(_("No {things} yet"), things=things),
            "empty_text": format_lazy(_("{things} stand here as soon as there are any."), things=things),
        }

    @classmethod
    def duplicates(cls, actor: Actor, values: dict[str, Any], *, beside: UUID | None = None) -> Sequence[Any]:
        """Records that may be the same as one with these values; drawn beside the form."""
        return ()

    @classmethod
    def looks_for_duplicates(cls) -> bool:
        """Whether the resource says what may be the same: the form of any other has no place for it."""
        return cls.duplicates.__func__ is not Resource.duplicates.__func__  # type: ignore[attr-defined]
