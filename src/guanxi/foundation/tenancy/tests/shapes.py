"""Every way the ORM has of reaching a row, each with what it must bring for the people of one world.

A shape gets an alias and the ids of another company's rows, which it may use to try and get at them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.testing.worlds import World


@dataclass(frozen=True)
class Foreign:
    """Ids of another company, known to the one who tries."""

    members: tuple[UUID, ...]
    departments: tuple[UUID, ...]
    seller: Member
    east: Department

    @classmethod
    def of(cls, world: World) -> "Foreign":
        return cls(
            tuple(m.id for m in world.members.values()),
            tuple(d.id for d in world.departments.values()),
            world.members["seller"],
            world.departments["east"],
        )


Shape = Callable[[str, Foreign], Iterable[Any]]
SHAPES: dict[str, tuple[Shape, Any]] = {}


def shape(expected: Any) -> Callable[[Shape], Shape]:
    """`expected` is how many rows come, or the values themselves."""

    def register(function: Shape) -> Shape:
        SHAPES[function.__name__] = (function, expected)
        return function

    return register


def _members(db: str) -> Any:
    return Member.objects.using(db)


def _departments(db: str) -> Any:
    return Department.objects.using(db)


@shape(6)
def everything(db: str, foreign: Foreign) -> Any:
    return _members(db).all()


@shape(1)
def filtered(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(name="单晓梅")


@shape(1)
def got(db: str, foreign: Foreign) -> Any:
    return [_members(db).get(name="单晓梅")]


@shape(0)
def foreign_ids(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(id__in=foreign.members)


@shape(6)
def either_this_or_foreign(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(Q(id__in=foreign.members) | Q(left_on__isnull=True))


@shape(6)
def either_negated(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(~Q(name="") | Q(id__in=foreign.members))


@shape(5)
def excluded(db: str, foreign: Foreign) -> Any:
    return _members(db).exclude(name="单晓梅")


@shape([6])
def counted(db: str, foreign: Foreign) -> Any:
    return [_members(db).count()]


@shape([4])
def counted_distinct(db: str, foreign: Foreign) -> Any:
    return [_members(db).values("department_id").filter(department__isnull=False).distinct().count()]


@shape([False])
def existence_of_foreign(db: str, foreign: Foreign) -> Any:
    return [_members(db).filter(id__in=foreign.members).exists()]


@shape([True])
def existence(db: str, foreign: Foreign) -> Any:
    return [_members(db).exists()]


@shape([6, 1])
def aggregated(db: str, foreign: Foreign) -> Any:
    result = _members(db).aggregate(all=Count("id"), one=Count("id", filter=Q(name="单晓梅")))
    return [result["all"], result["one"]]


@shape([3])
def aggregated_over_a_slice(db: str, foreign: Foreign) -> Any:
    return [_members(db).order_by("id")[:3].aggregate(n=Count("id"))["n"]]


@shape([6, 6])
def aggregated_over_annotation(db: str, foreign: Foreign) -> Any:
    result = _members(db).annotate(n=Count("assignments")).aggregate(Max("n"), all=Count("id"))
    return [result["all"], result["all"] * result["n__max"]]


@shape([("east", 2), ("north", 1), ("office", 1), ("sales", 1)])
def annotated_count_of_children(db: str, foreign: Foreign) -> Any:
    names = {"华东组": "east", "华北组": "north", "总办": "office", "销售部": "sales"}
    rows = _departments(db).annotate(n=Count("members")).values_list("name", "n")
    return sorted((names[name], n) for name, n in rows)


@shape([1, 1, 1, 1, 2])
def grouped_by_a_joined_column(db: str, foreign: Foreign) -> Any:
    return sorted(row["n"] for row in _members(db).values("department__name").annotate(n=Count("id")))


@shape(6)
def annotated_subquery(db: str, foreign: Foreign) -> Any:
    first = Assignment.objects.using(db).filter(member=OuterRef("pk")).values("role_id")[:1]
    return [m for m in _members(db).annotate(role=Subquery(first)) if m.role]


@shape([6] * 6)
def annotated_uncorrelated_count(db: str, foreign: Foreign) -> Any:
    everybody = Member.objects.using(db).order_by().values(one=Value(1)).annotate(n=Count("*")).values("n")
    return _members(db).annotate(n=Subquery(everybody)).values_list("n", flat=True)


@shape(6)
def related_exists(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(Exists(Assignment.objects.using(db).filter(member=OuterRef("pk"))))


@shape(6)
def does_not_exist(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(~Exists(Department.objects.using(db).filter(id__in=foreign.departments)))


@shape(1)
def within_a_query(db: str, foreign: Foreign) -> Any:
    return _departments(db).filter(id__in=Member.objects.using(db).filter(name="单晓梅").values("department"))


@shape(3)
def not_within_a_query(db: str, foreign: Foreign) -> Any:
    return _departments(db).exclude(
        id__in=Member.objects.using(db).filter(name="单晓梅").values("department")
    )


@shape(3)
def excluded_over_many(db: str, foreign: Foreign) -> Any:
    return _departments(db).exclude(members__name="单晓梅")


@shape(2)
def excluded_over_many_twice(db: str, foreign: Foreign) -> Any:
    return _departments(db).exclude(children__members__name="单晓梅").exclude(members__name="单晓梅")


@shape(7)
def united(db: str, foreign: Foreign) -> Any:
    return _members(db).all().union(_members(db).filter(name="单晓梅"), all=True)


@shape(1)
def intersected(db: str, foreign: Foreign) -> Any:
    return _members(db).all().intersection(_members(db).filter(name="单晓梅"))


@shape(5)
def subtracted(db: str, foreign: Foreign) -> Any:
    return _members(db).all().difference(_members(db).filter(name="单晓梅"))


@shape([7])
def united_and_counted(db: str, foreign: Foreign) -> Any:
    return [_members(db).all().union(_members(db).filter(name="单晓梅"), all=True).count()]


@shape(11)
def selected_with_relations(db: str, foreign: Foreign) -> Any:
    members = _members(db).select_related("department__parent", "superior")
    return [*members, *(m.department for m in members if m.department)]


@shape(12)
def prefetched_backwards(db: str, foreign: Foreign) -> Any:
    members = _members(db).prefetch_related("assignments")
    return [*members, *(a for m in members for a in m.assignments.all())]


@shape(9)
def prefetched_forwards_and_nested(db: str, foreign: Foreign) -> Any:
    departments = _departments(db).prefetch_related(
        Prefetch("members", queryset=Member.objects.using(db).select_related("department"))
    )
    return [*departments, *(m for d in departments for m in d.members.all())]


@shape(12)
def prefetched_across(db: str, foreign: Foreign) -> Any:
    assignments = Assignment.objects.using(db).prefetch_related("member__department", "role")
    return [*assignments, *(a.member for a in assignments)]


@shape(1)
def filtered_backwards(db: str, foreign: Foreign) -> Any:
    return _departments(db).filter(members__name="单晓梅")


@shape(1)
def filtered_far_backwards(db: str, foreign: Foreign) -> Any:
    return Role.objects.using(db).filter(assignments__member__department__parent__name="销售部").distinct()


@shape(0)
def filtered_by_a_foreign_instance(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(department=foreign.east)


@shape(0)
def bulk_of_foreign_ids(db: str, foreign: Foreign) -> Any:
    return _members(db).in_bulk(list(foreign.members)).values()


@shape(6)
def read_in_chunks(db: str, foreign: Foreign) -> Any:
    return list(_members(db).iterator(chunk_size=2))


@shape(6)
def through_the_base_manager(db: str, foreign: Foreign) -> Any:
    return Member._base_manager.using(db).all()


@shape(2)
def through_a_related_manager(db: str, foreign: Foreign) -> Any:
    return _departments(db).get(name="华东组").members.all()


@shape(0)
def through_a_related_manager_of_a_foreign_row(db: str, foreign: Foreign) -> Any:
    return foreign.east.members.using(db).all()


@shape(1)
def through_a_reference(db: str, foreign: Foreign) -> Any:
    department = _members(db).get(name="单晓梅").department
    return [department]


@shape([2])
def filtered_relation(db: str, foreign: Foreign) -> Any:
    sellers = FilteredRelation("members", condition=Q(members__title=""))
    return [_departments(db).annotate(m=sellers).filter(m__isnull=False, name="华东组").count()]


@shape([(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)])
def window(db: str, foreign: Foreign) -> Any:
    rows = _members(db).annotate(
        place=Window(RowNumber(), order_by="id"), of=Window(Count("id"), order_by=None)
    )
    return sorted(rows.values_list("place", "of"))


@shape(2)
def filtered_window(db: str, foreign: Foreign) -> Any:
    return _members(db).annotate(place=Window(RowNumber(), order_by="id")).filter(place__lte=2)


@shape(5)
def distinct_on(db: str, foreign: Foreign) -> Any:
    return _members(db).order_by("department", "id").distinct("department")


@shape([1])
def dates(db: str, foreign: Foreign) -> Any:
    return [len(_members(db).datetimes("created_at", "year"))]


@shape(6)
def ordered_by_a_relation(db: str, foreign: Foreign) -> Any:
    return _members(db).order_by("department__parent__name", "superior__name")


@shape([6, 0])
def conditional(db: str, foreign: Foreign) -> Any:
    mine = Case(When(id__in=foreign.members, then=1), default=0, output_field=IntegerField())
    rows = _members(db).annotate(theirs=mine)
    return [rows.filter(theirs=0).count(), rows.filter(theirs=1).count()]


@shape(6)
def extra_where(db: str, foreign: Foreign) -> Any:
    return _members(db).extra(where=["true OR true"])


@shape(6)
def raw_expression(db: str, foreign: Foreign) -> Any:
    return _members(db).filter(RawSQL("true OR true", (), output_field=BooleanField()))


@shape(1)
def first_and_last(db: str, foreign: Foreign) -> Any:
    first = _members(db).order_by("id").first()
    assert _members(db).order_by("-id").last() == first
    return [first]


@shape(6)
def locked(db: str, foreign: Foreign) -> Any:
    return list(_members(db).select_for_update(of=("self",)))


@shape(6)
def only_some_columns(db: str, foreign: Foreign) -> Any:
    rows = _members(db).defer("name")
    assert {m.name for m in rows} >= {"单晓梅"}  # each name is fetched by a statement of its own
    return rows


@shape([True])
def explained(db: str, foreign: Foreign) -> Any:
    return ["accounts_member" in _members(db).filter(name="单晓梅").explain()]


@shape([6])
def compared_with_another_column(db: str, foreign: Foreign) -> Any:
    return [_members(db).filter(created_at__lte=F("updated_at")).count()]
