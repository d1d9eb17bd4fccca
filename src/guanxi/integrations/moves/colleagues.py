"""The users of another program, and who of us they are."""

# Chinese in code: heads of spreadsheets

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from guanxi.foundation.accounts.models import Member
from guanxi.integrations.imports.reading import Table
from guanxi.kernel.text import fold

_KEYS = (
    "id",
    "user id",
    "userid",
    "owner_id",
    "owner id",
    "工号",
    "人员id",
    "员工id",
    "用户id",
    "人员编号",
    "用户编号",
    "员工编号",
    "编号",
)
_NAMES = (
    "name", "full name", "user name", "owner name", "sales_agent", "sales agent", "sales rep", "salesperson",
    "姓名", "人员姓名", "名称", "用户名", "员工姓名", "销售代表", "业务员",
)  # fmt: skip
SUPERIORS = (
    "manager",
    "manager_id",
    "manager id",
    "supervisor",
    "reports to",
    "上级",
    "直属上级",
    "主管",
    "直属主管",
)
_DEPARTMENTS = (
    "department", "team", "office", "regional_office", "regional office", "region office", "division",
    "部门", "所属部门", "团队", "分公司", "办事处",
)  # fmt: skip
_FIRST = ("first_name", "first name", "名")
_LAST = ("last_name", "last name", "姓")
_EMAILS = ("email", "e-mail", "email address", "邮箱", "电子邮箱")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user of the other program: the key that its files know him by, whom he answers to (a key), where he works."""

    key: str
    name: str
    email: str = ""
    superior: str = ""
    department: str = ""


def colleagues_of(table: Table) -> list[Colleague]:
    """The users in a file; those without a key or a name are none."""
    heads = {fold(header): at for at, header in reversed(list(enumerate(table.headers)))}

    def place(names: Iterable[str]) -> int | None:
        return next((heads[fold(name)] for name in names if fold(name) in heads), None)

    key, name, email = place(_KEYS), place(_NAMES), place(_EMAILS)
    first, last = place(_FIRST), place(_LAST)
    above, works = place(SUPERIORS), place(_DEPARTMENTS)
    found: dict[str, Colleague] = {}
    for row in table.rows():
        if row.problem is not None or row.aside is not None:
            continue

        def said(at: int | None, cells: list[str] = row.cells) -> str:
            return cells[at] if at is not None else ""

        called = said(name) or " ".join(filter(None, (said(first), said(last)))) or said(email)
        known = said(key) or said(email) or called
        if known and called:
            one = Colleague(known, called, said(email), said(above), said(works))
            found.setdefault(known, one)
    # Where people are known by their names alone, whoever is somebody's superior is one of them.
    if key is None and email is None:
        for one in list(found.values()):
            if one.superior:
                found.setdefault(
                    one.superior, Colleague(one.superior, one.superior, department=one.department)
                )
    return list(found.values())


def in_order(colleagues: Collection[Colleague]) -> Iterator[Colleague]:
    """Each behind his superior; a circle is broken where it is met."""
    known, met = {one.key: one for one in colleagues}, set[str]()

    def behind(one: Colleague) -> Iterator[Colleague]:
        if one.key in met:
            return
        met.add(one.key)
        if one.superior in known:
            yield from behind(known[one.superior])
        yield one

    for colleague in colleagues:
        yield from behind(colleague)


def matched(colleagues: Collection[Colleague]) -> dict[str, UUID]:
    """Who of us they are, by key: by e-mail, else by name, where only one is meant."""
    members = list(Member.objects.all())
    emails = {(one.email or "").casefold(): one.id for one in members if one.email}
    names: dict[str, list[UUID]] = {}
    for one in members:
        names.setdefault(fold(one.name), []).append(one.id)
    found: dict[str, UUID] = {}
    for user in colleagues:
        email = user.email.casefold()
        ids = [emails[email]] if email in emails else names.get(fold(user.name), [])
        if len(ids) == 1:
            found[user.key] = ids[0]
    return found
