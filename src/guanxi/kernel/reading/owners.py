"""Of whom something is: which person of a text, or the company."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from guanxi.kernel.reading.result import FORM, LABELLED, Found, ReadCustomer, ReadPerson

__all__ = ["MOST", "Item", "Owners"]

MOST = 50  # people, telephones … of one text
_HAN = re.compile(r"[\u3400-\u9fff]")
_OF_ALL = re.compile(
    r"^(?:info|sales?|services?|support|office|admin|hr|contact|mail|market|marketing|purchase|purchasing|export|accounts?"
    r"|finance|kefu|enquiry|inquiry|hello|postmaster|webmaster)[0-9]{0,2}@",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Item:
    """Something of a person or of the company before it is known of whom; `at` is where it stands in the flat text.

    `kinds` is what its label says.
    """

    kind: str
    found: Found
    at: int
    kinds: tuple[str, ...] = ()


class Owners:
    """Gives each item to the person it belongs to, or to the company."""

    def __init__(self, text: str, lines: list[int], customer: ReadCustomer, items: list[Item]) -> None:
        self.text = text
        self.lines = lines
        self.customer = customer
        self.items = items
        self.mobile: Found | None = None

    def people(self) -> list[ReadPerson]:
        """Everybody, in the order of their names in the text; one without a name where nobody has one."""
        self.items.sort(key=lambda item: item.at)
        starts = self._named()
        people = [person for _at, person in starts]
        for item in self.items:
            if item.kind in ("name", "other"):
                continue
            self._give(item, starts, people)
        return people

    def _line(self, at: int) -> int:
        return bisect_right(self.lines, at)

    def _named(self) -> list[tuple[int, ReadPerson]]:
        """The people, each with the place of the name; the same person in both scripts is one."""
        names = [item for item in self.items if item.kind == "name"]
        others = [item for item in self.items if item.kind == "other"]
        starts: list[tuple[int, ReadPerson]] = []
        seen: dict[str, ReadPerson] = {}
        for item in names:
            if item.found.value not in seen and len(starts) < MOST:
                seen[item.found.value] = ReadPerson(name=item.found)
                starts.append((item.at, seen[item.found.value]))
        for item in others:
            line = self._line(item.at)
            beside = next(
                (
                    one
                    for at, one in starts
                    if abs(self._line(at) - line) <= 1 and one.other_name is None and _in_chinese(one)
                ),
                None,
            )
            if beside is not None:
                beside.other_name = item.found
            elif (
                item.found.value not in seen
                and len(starts) < MOST
                and not (names and item.found.certainty < FORM)
            ):
                seen[item.found.value] = ReadPerson(name=item.found)
                starts.append((item.at, seen[item.found.value]))
        return sorted(starts, key=lambda start: start[0])

    def _whose(
        self, item: Item, starts: list[tuple[int, ReadPerson]], people: list[ReadPerson]
    ) -> ReadPerson:
        """The nearest on the same line, else whoever was named last before it, else the first."""
        if not starts:
            if not people:
                people.append(ReadPerson())
            return people[0]
        line = self._line(item.at)
        same = [(abs(at - item.at), person) for at, person in starts if self._line(at) == line]
        if same:
            before = [
                (item.at - at, person) for at, person in starts if self._line(at) == line and at <= item.at
            ]
            if before and item.kind not in ("post", "department"):
                return min(before, key=lambda pair: pair[0])[1]
            return min(same, key=lambda pair: pair[0])[1]
        return next((person for at, person in reversed(starts) if at <= item.at), starts[0][1])

    def _give(self, item: Item, starts: list[tuple[int, ReadPerson]], people: list[ReadPerson]) -> None:
        found, kinds = item.found, item.kinds
        if item.kind == "email":
            target = (
                self.customer
                if not starts or _OF_ALL.match(found.value)
                else self._whose(item, starts, people)
            )
            _put(target.emails, found)
        elif item.kind in ("number", "mobile_number"):
            mobile = item.kind == "mobile_number" or "mobile" in kinds
            self.mobile = found if mobile else self.mobile
            if "fax" in kinds and not {"phone", "mobile"}.intersection(kinds):
                _put(self.customer.faxes, found)
            elif not starts:
                _put(self.customer.phones, found)
            elif mobile:
                _put(self._whose(item, starts, people).mobiles, found)
            elif found.extension or "direct" in kinds:
                _put(self._whose(item, starts, people).phones, found)
            else:
                _put(self.customer.phones, found)
        elif item.kind == "same_wechat":
            number = self.mobile
            if number is not None:
                person = self._whose(item, starts, people)
                said = number.value.removeprefix("+86")
                person.wechat = person.wechat or Found(said, number.start, number.end, LABELLED)
        else:
            person = self._whose(item, starts, people)
            held = getattr(person, item.kind)
            if held is None:
                setattr(person, item.kind, found)
            elif (
                item.kind == "post"
                and held.end < found.start
                and self.text[held.end : found.start].strip() in ("/", "／")
            ):
                whole = f"{held.value} / {found.value}"
                person.post = Found(whole, held.start, found.end, held.certainty)


def _in_chinese(person: ReadPerson) -> bool:
    return person.name is not None and _HAN.search(person.name.value) is not None


def _put(held: list[Found], found: Found) -> None:
    if len(held) < MOST and all((one.value, one.extension) != (found.value, found.extension) for one in held):
        held.append(found)
