"""What a reading hands back."""

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["CHECKED", "FORM", "GUESS", "LABELLED", "Found", "ReadCustomer", "ReadPerson", "Reading"]

# How certain a value is, 0 to 1: a check digit fits or a label and a form agree; a label says so; its form says so;
# it stands where such a thing mostly stands.
CHECKED, LABELLED, FORM, GUESS = 0.99, 0.9, 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """One value: `text[start:end]` is what it was read from. A telephone is in E.164, its `extension` apart."""

    value: str
    start: int
    end: int
    certainty: float
    extension: str = ""


@dataclass(slots=True)
class ReadCustomer:
    """What the text says of a company. `credit_code` has passed its check; `tax_number` is any other."""

    name: Found | None = None
    credit_code: Found | None = None
    tax_number: Found | None = None
    legal_representative: Found | None = None
    phones: list[Found] = field(default_factory=list)
    faxes: list[Found] = field(default_factory=list)
    emails: list[Found] = field(default_factory=list)
    website: Found | None = None
    address: Found | None = None
    region: Found | None = None
    post_code: Found | None = None
    bank: Found | None = None
    account: Found | None = None

    def values(self) -> Iterator[tuple[str, Found]]:
        """Every value with the singular name of its field."""
        return _values(self)


@dataclass(slots=True)
class ReadPerson:
    """What the text says of a person. `sex` is "m" or "f"; `other_name` the name in the other script."""

    name: Found | None = None
    other_name: Found | None = None
    sex: Found | None = None
    post: Found | None = None
    department: Found | None = None
    mobiles: list[Found] = field(default_factory=list)
    phones: list[Found] = field(default_factory=list)
    emails: list[Found] = field(default_factory=list)
    wechat: Found | None = None
    qq: Found | None = None

    def values(self) -> Iterator[tuple[str, Found]]:
        """Every value with the singular name of its field."""
        return _values(self)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was understood; `rest` are the pieces that were not, in their order."""

    customer: ReadCustomer
    people: list[ReadPerson]
    rest: list[Found]


_SINGULAR = {"phones": "phone", "faxes": "fax", "emails": "email", "mobiles": "mobile"}


def _values(part: ReadCustomer | ReadPerson) -> Iterator[tuple[str, Found]]:
    for name in part.__dataclass_fields__:
        held = getattr(part, name)
        for found in held if isinstance(held, list) else [held] if held is not None else []:
            yield _SINGULAR.get(name, name), found
