"""The tree of departments as a list of indented lines, for the side of a page and for selects."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.design.shapes import Option


@dataclass(frozen=True, slots=True)
class Branch:
    """A department in its place: how deep it lies, how many work in it and beneath it."""

    department: Department
    depth: int
    people: int
    first: bool
    last: bool
    leaf: bool

    @property
    def id(self) -> UUID:
        key: UUID = self.department.id
        return key

    @property
    def indent(self) -> int:
        """Deeper than six levels the tree is drawn no narrower."""
        return min(self.depth, 6)


def department_tree() -> list[Branch]:
    """Every department, parents before children, siblings in their order."""
    children: dict[UUID | None, list[Department]] = defaultdict(list)
    counted = Department.objects.annotate(
        people=Count("members", filter=Q(members__left_on__isnull=True))
    ).select_related("head")
    for department in counted.order_by("position", "name", "id"):
        children[department.parent_id].append(department)
    lines: list[Branch] = []
    _hang(lines, children, None, 0)
    return lines


def _hang(
    lines: list[Branch], children: dict[UUID | None, list[Department]], parent: UUID | None, depth: int
) -> int:
    total = 0
    siblings = children[parent]
    for position, department in enumerate(siblings):
        at = len(lines)
        own: int = department.people  # type: ignore[attr-defined]
        lines.append(Branch(department, depth, 0, False, False, True))
        beneath = _hang(lines, children, department.id, depth + 1)
        lines[at] = Branch(
            department,
            depth,
            own + beneath,
            position == 0,
            position == len(siblings) - 1,
            not children[department.id],
        )
        total += own + beneath
    return total


def department_options(
    tree: list[Branch], chosen: str, *, none: str, without: Collection[UUID] = ()
) -> list[Option]:
    """The tree as choices of a select, indented by blanks; `none` is the empty choice."""
    options = [Option(value="", label=none, selected=not chosen)]
    for line in tree:
        if line.id not in without:
            label = "\u00a0\u00a0\u00a0" * line.depth + line.department.name
            options.append(Option(value=str(line.id), label=label, selected=str(line.id) == chosen))
    return options
