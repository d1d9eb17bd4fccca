"""A file of a set as it is brought in: its columns, and its users as ours."""

# Chinese in code: heads of spreadsheets

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from django.utils.translation import gettext

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.fresh import NEW
from guanxi.integrations.imports.heads import Heads, targets_of
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.reading import Row, Table
from guanxi.integrations.imports.uploads import Upload
from guanxi.integrations.moves.colleagues import Colleague
from guanxi.kernel.text import fold
from guanxi.resource.declaration import Resource

_OWNERS = frozenset(map(fold, (
    "owner_id", "owner id", "ownerid", "hubspot_owner_id", "property_hubspot_owner_id", "contact owner",
    "company owner",
    "account owner", "opportunity owner", "deal owner", "sales_agent", "sales agent", "salesperson", "sales rep",
    "sales_id", "assigned_user_id", "assigned to id", "负责人", "负责人编号",
    "负责人id", "商机负责人", "销售代表",
    "所有人", "所属销售", "客户负责人", "跟进人", "跟进人id", "跟进人员", "所属人员", "归属人", "拜访人",
)))  # fmt: skip
_AUTHORS = frozenset(map(fold, (
    "created_by_id", "created by id", "createdbyid", "created_by", "created by", "创建人", "录入人", "creator",
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Translated(Table):
    """A table of which cells of some columns say something else here: `words` by column and cell."""

    words: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        for row in Table.rows(self):
            if row.problem is None and any(row.cells[at] in words for at, words in self.words.items()):
                cells = list(row.cells)
                for at, words in self.words.items():
                    cells[at] = words.get(cells[at], cells[at])
                row = replace(row, cells=cells)
            yield row


def _is_key(header: str) -> bool:
    folded = fold(header)
    return folded in _OWNERS or folded in _AUTHORS or folded.endswith("id")


def brought(
    actor: Actor,
    resource: type[Resource],
    upload: Upload,
    people: Mapping[str, str],
    colleagues: Sequence[Colleague],
) -> tuple[Table, Columns]:
    """The table of a file with its users as ours (`people`: their key there to our member) and its authors by their
    names, and what its columns become. Raises Unreadable, Invalid."""
    table = upload.table(resource)
    targets, names = targets_of(actor, resource), list(table.headers)
    # Keys, owners and authors are told by the set, where nobody said what else they are.
    chosen = {name: of for name, of in upload.chosen.items() if of or not _is_key(name)}
    words = dict[int, Mapping[str, str]]()
    owner = next((at for at, name in enumerate(names) if fold(name) in _OWNERS), None)
    if owner is not None and resource.owner in targets:
        # Who is nobody of us owns nothing here; a key that stands in no file of users is told.
        ours = {one.key: people.get(one.key, "") for one in colleagues}
        words[owner] = {**{one.name: ours[one.key] for one in colleagues}, **ours, **people}
        chosen.setdefault(names[owner], resource.owner)
    author = next((at for at, name in enumerate(names) if fold(name) in _AUTHORS), None)
    if author is not None and NEW + "text" in targets and not chosen.get(names[author]):
        words[author] = {one.key: one.name for one in colleagues}
        chosen.pop(names[author], None)
        names[author] = gettext("Created there by")
    held = {one.name: getattr(table, one.name) for one in fields(table)} | {"headers": tuple(names)}
    found = Translated(**held, words=words)
    columns = match_table(actor, resource, found, chosen)
    # In a set the numbers of one program lead to each other, however short they are.
    meant = Heads(actor, resource, found.headers)
    for column in columns.columns:
        if column.why is not None and column.why.code == "short_key":
            chosen[column.header] = meant.field(column.header)
        elif author == column.index and not column.field:
            chosen[column.header] = NEW + "text"
    return found, match_table(actor, resource, found, chosen)
