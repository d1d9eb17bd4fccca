"""The order in which a text is asked: what says itself, what has a form, what stands where such mostly stands."""

import re
from collections.abc import Callable

from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.phones import Phone
from guanxi.kernel.reading import addresses, callings, companies, numbers
from guanxi.kernel.reading.flat import Flat
from guanxi.kernel.reading.greetings import greetings_in
from guanxi.kernel.reading.labels import Label, labels_of
from guanxi.kernel.reading.owners import Item, Owners
from guanxi.kernel.reading.result import (
    CHECKED,
    FORM,
    GUESS,
    LABELLED,
    Found,
    ReadCustomer,
    Reading,
)

__all__ = ["LONGEST", "read"]

LONGEST = 20_000  # characters that are read; what follows stays unread
_HAN = re.compile(r"[\u3400-\u9fff]")
_CUT = re.compile(r"[,;|。!?\n]")
_BANK = re.compile(
    r"[\u4e00-\u9fff]{2,14}(?:银行|信用社)(?:股份有限公司)?[\u4e00-\u9fff()]{0,24}?(?:支行|分行|营业部|分理处|营业室|储蓄所|信用社)(?:营业部|营业室)?"
    r"|[\u4e00-\u9fff]{2,10}(?:银行|信用社)(?![\u4e00-\u9fff])"
)
_SEX = {
    "男": "m",
    "男士": "m",
    "先生": "m",
    "m": "m",
    "male": "m",
    "女": "f",
    "女士": "f",
    "小姐": "f",
    "f": "f",
    "female": "f",
}

Region = Callable[[str], str]


class _Reader:
    def __init__(self, text: str) -> None:
        self.flat = Flat(text[:LONGEST])
        self.customer = ReadCustomer()
        self.items: list[Item] = []
        self.labels = labels_of(self.flat)
        plain = self.flat.plain
        self.home = numbers.home_of(plain)
        self.lines = [0, *(at + 1 for at, char in enumerate(plain) if char == "\n")]

    # What says itself

    def everywhere(self) -> None:
        """Addresses of mail and web, and that the telephone is the WeChat id too."""
        flat = self.flat
        for label in self.labels:
            flat.take(label.at, label.until)
        for at, end in greetings_in(flat.plain, flat.simple):
            flat.take(at, end)
        for match in numbers.EMAIL.finditer(flat.plain):
            self._add("email", match.group(), match.start(), match.end(), CHECKED)
        for match in numbers.WEBSITE.finditer(flat.plain):
            if not any(flat.taken[match.start() : match.end()]):
                end = match.end() - (match.group()[-1] in ".,")
                found = flat.found(flat.plain[match.start() : end], match.start(), end, FORM)
                self.customer.website = self.customer.website or found
        for match in numbers.SAME_WECHAT.finditer(flat.simple):
            self._add("same_wechat", "", match.start(), match.end(), LABELLED)

    def labelled(self) -> None:
        for label in self.labels:
            for at, end in self.flat.free(label.until, label.end):
                self._labelled(label, at, end)

    def _labelled(self, label: Label, at: int, end: int) -> None:
        kinds = label.kinds
        if "tax" in kinds:
            self._tax(at, end)
        if "wechat" in kinds and (match := numbers.WECHAT.search(self.flat.plain, at, end)):
            phones = (
                [*numbers.phones_in(self.flat.plain, at, end, labelled=True)][:1] if len(kinds) > 1 else []
            )
            start, until = (phones[0][1], phones[0][2]) if phones else match.span()
            said = "".join(char for char in self.flat.plain[start:until] if char not in " -()")
            self._add("wechat", said, start, until, LABELLED, take=not phones)
        if "qq" in kinds and (match := numbers.QQ.search(self.flat.plain, at, end)):
            self._add("qq", match.group(), match.start(), match.end(), LABELLED)
        # An account has more digits than a telephone and stands after its bank.
        if "account" in kinds:
            self._account(at, end)
        if {"mobile", "phone", "direct", "fax"}.intersection(kinds):
            sure = "address" not in kinds
            for phone, start, until in numbers.phones_in(self.flat.plain, at, end, self.home, labelled=sure):
                self._phone(phone, start, until, kinds)
        for first, last in self.flat.free(at, end):
            self._words(kinds, first, last)

    def _words(self, kinds: tuple[str, ...], at: int, end: int) -> None:
        """A labelled value that consists of words."""
        flat, customer = self.flat, self.customer
        if "post_code" in kinds and (match := numbers.POST_CODE.search(flat.plain, at, end)):
            customer.post_code = customer.post_code or flat.found(
                match.group(), match.start(), match.end(), LABELLED
            )
        elif "name" in kinds:
            self._company_name(at, end)
        elif "address" in kinds:
            self._address(at, end, LABELLED)
        elif "bank" in kinds and (span := self._until_sign(at, end)):
            customer.bank = customer.bank or flat.found(flat.written(*span), *span, LABELLED)
        elif "legal" in kinds and (span := self._first_word(at, end)):
            customer.legal_representative = customer.legal_representative or flat.found(
                flat.written(*span), *span, LABELLED
            )
        elif "person" in kinds:
            self._person(at, end)
        elif "post" in kinds and (span := self._until_sign(at, end)):
            self._add("post", flat.written(*span), *span, LABELLED)
        elif "department" in kinds and (span := self._until_sign(at, end)):
            self._add("department", flat.written(*span), *span, LABELLED)
        elif "sex" in kinds and (sex := _SEX.get(flat.simple[at:end].casefold())):
            self._add("sex", sex, at, end, LABELLED)

    def _until_sign(self, at: int, end: int) -> tuple[int, int] | None:
        cut = _CUT.search(self.flat.plain, at, end)
        span = self.flat.trim(at, cut.start() if cut else end)
        # mBank S.A. keeps its last full stop.
        stopped = span is not None and re.search(r"\.[A-Z]$", self.flat.plain[slice(*span)]) is not None
        return (
            (span[0], span[1] + (self.flat.plain[span[1] : span[1] + 1] == ".")) if span and stopped else span
        )

    def _first_word(self, at: int, end: int) -> tuple[int, int] | None:
        cut = re.compile(r"[,;|。!?\n() ]").search(self.flat.plain, at, end)
        return self.flat.trim(at, cut.start() if cut else end)

    def _tax(self, at: int, end: int) -> None:
        flat = self.flat
        best: Found | None = None
        for match in numbers.TAX.finditer(flat.plain, at, end):
            checked = check_credit_code(match.group())
            if checked.ok:
                self._code(checked.value, match.start(), match.end())
                return
            best = best or flat.found(match.group().upper(), match.start(), match.end(), LABELLED)
        joined = flat.plain[at:end].replace(" ", "")
        if check_credit_code(joined).ok:
            self._code(check_credit_code(joined).value, at, end)
        elif best is not None:
            self.customer.tax_number = self.customer.tax_number or best

    def _code(self, value: str, at: int, end: int) -> None:
        found = self.flat.found(value, at, end, CHECKED)
        self.customer.credit_code = self.customer.credit_code or found

    def _account(self, at: int, end: int) -> None:
        for shape in (numbers.ACCOUNT, numbers.IBAN):
            if self.customer.account is None and (match := shape.search(self.flat.plain, at, end)):
                value = match.group().replace(" ", "").replace("-", "")
                self.customer.account = self.flat.found(value, match.start(), match.end(), LABELLED)

    def _phone(self, phone: Phone, at: int, end: int, kinds: tuple[str, ...] = ()) -> None:
        if any(self.flat.taken[at:end]):
            return
        certainty = (CHECKED if kinds else FORM) if phone.valid else GUESS
        found = self.flat.found(phone.e164, at, end, certainty, phone.extension)
        self.items.append(Item("mobile_number" if phone.kind == "mobile" else "number", found, at, kinds))

    def _company_name(self, at: int, end: int) -> None:
        flat, customer = self.flat, self.customer
        known = companies.company_in(flat.simple, flat.plain, at, end)
        span = (known[0], known[1]) if known else self._until_sign(at, end)
        if span is None:
            return
        if known is None and callings.is_chinese_name(flat.simple[slice(*span)].split(" ")[0]):
            self._person(at, end)
        elif customer.name is None:
            customer.name = flat.found(flat.written(*span), *span, LABELLED if known is None else CHECKED)
        elif customer.name.value == flat.written(*span):
            flat.take(*span)

    def _person(self, at: int, end: int) -> None:
        """A name after a label; what follows it is asked like any other text."""
        flat = self.flat
        span = self._until_sign(at, end)
        if span is None:
            return
        if not _HAN.search(flat.plain, *span):
            bracket = flat.plain.find("(", *span)
            name = flat.trim(span[0], bracket if bracket > 0 else span[1])
            parts = [*callings.latin_parts(flat.plain, *name)] if name else []
            if name and not any(part.kind == "other" for part in parts) and name[1] - name[0] < 60:
                self._add("name", flat.written(*name), *name, LABELLED)
            self._parts(parts)
            return
        word = self._first_word(*span)
        if word is None:
            return
        parts = [*callings.chinese_parts(flat.simple, *span)]
        if any(part.kind == "name" and part.start < word[1] for part in parts):
            self._parts(parts)
        elif word[1] - word[0] <= 12:
            self._add("name", flat.written(*word), *word, LABELLED)

    def _address(self, at: int, end: int, certainty: float) -> None:
        flat = self.flat
        cut = re.compile(r"[;|。\n]").search(flat.plain, at, end)
        span = flat.trim(at, cut.start() if cut else end, "(")
        if span is None or span[1] - span[0] < 2 or self.customer.address is not None:
            return
        if not _HAN.search(flat.plain, *span):
            span = self._with_more_lines(*span)
        elif (span := self._without_post_code(*span)) is None:
            return
        self.customer.address = flat.found(flat.written(*span), *span, certainty)

    def _without_post_code(self, at: int, end: int) -> tuple[int, int] | None:
        """A Chinese address without the words before it (在), and the post code at either end, which is kept apart."""
        flat = self.flat
        lead = addresses.lead_of(flat.simple[at:end])
        flat.take(at, at + lead)
        at += lead
        code = addresses.post_code_in(flat.simple[at:end])
        if code is None:
            return flat.trim(at, end)
        first, last = at + code[0], at + code[1]
        found = flat.found(flat.plain[first:last], first, last, FORM)
        self.customer.post_code = self.customer.post_code or found
        return flat.trim(last, end, "()") if code[0] <= 1 else flat.trim(at, first, "()")

    def _with_more_lines(self, at: int, end: int) -> tuple[int, int]:
        """An address over several lines: post code and city, the country."""
        flat = self.flat
        for _more in range(3):
            if end >= len(flat.plain) or flat.plain[end] not in "\n,":
                break
            start = flat.plain.find("\n", end) + 1
            after = flat.plain.find("\n", start) if start else 0
            after = len(flat.plain) if after < 0 else after
            if (
                not start
                or start - end > 3
                or any(flat.taken[start:after])
                or not addresses.goes_on(flat.plain[start:after])
            ):
                break
            end = after
        return at, end

    # What has a form

    def unlabelled(self) -> None:
        flat = self.flat
        for match in numbers.CODE.finditer(flat.plain):
            if not any(flat.taken[match.start() : match.end()]) and numbers.is_code(match.group()):
                self._code(match.group().upper(), match.start(), match.end())
        for at, end in self._free():
            for phone, start, until in numbers.phones_in(flat.plain, at, end, self.home):
                self._phone(phone, start, until)
        self._banks()
        for ask in (self._companies, self._addresses, self._callings):
            for at, end in self._free():
                ask(at, end)
        if self.customer.name is None:
            for at, end in self._free():
                self._short_company(at, end)

    def _banks(self) -> None:
        flat = self.flat
        for at, end in self._free():
            bank = _BANK.search(flat.simple, at, end)
            if bank is not None and self.customer.bank is None:
                self.customer.bank = flat.found(flat.written(*bank.span()), *bank.span(), FORM)
        if self.customer.bank is not None:
            for at, end in self._free():
                self._account(at, end)

    def _callings(self, at: int, end: int) -> None:
        if _HAN.search(self.flat.plain, at, end):
            self._parts([*callings.chinese_parts(self.flat.simple, at, end)])
        self._parts([*callings.latin_parts(self.flat.plain, at, end)])

    def _free(self) -> list[tuple[int, int]]:
        """What is not understood yet, line by line."""
        found = []
        for place, start in enumerate(self.lines):
            end = self.lines[place + 1] - 1 if place + 1 < len(self.lines) else len(self.flat.plain)
            found += self.flat.free(start, end)
        return found

    def _companies(self, at: int, end: int) -> None:
        flat = self.flat
        for _time in range(5):
            known = companies.company_in(flat.simple, flat.plain, at, end)
            if known is None:
                break
            found = flat.found(flat.written(known[0], known[1]), known[0], known[1], FORM)
            self.customer.name = self.customer.name or found
            at = known[1]
        else:
            return
        for first, last in flat.free(at, end):
            for cut in _stretches(flat.plain, first, last):
                short = companies.short_company_in(flat.simple[slice(*cut)])
                if short and self.customer.name is None and "的" in flat.simple[slice(*cut)]:
                    span = cut[0] + short[0], cut[0] + short[1]
                    self.customer.name = flat.found(flat.written(*span), *span, GUESS)

    def _short_company(self, at: int, end: int) -> None:
        for cut in _stretches(self.flat.plain, at, end, " "):
            short = companies.short_company_in(self.flat.simple[slice(*cut)])
            if short and self.customer.name is None:
                span = cut[0] + short[0], cut[0] + short[1]
                self.customer.name = self.flat.found(self.flat.written(*span), *span, GUESS)

    def _addresses(self, at: int, end: int) -> None:
        flat = self.flat
        if self.customer.address is None and not _HAN.search(flat.plain, at, end):
            if addresses.latin_address(flat.plain[at:end]):
                self._address(at, end, FORM)
            return
        for cut in _stretches(flat.plain, at, end):
            known = addresses.chinese_address(flat.simple[slice(*cut)])
            held = self.customer.address
            if known and (held is None or not _HAN.search(held.value)):
                self.customer.address = None
                self._address(cut[0] + known[0], cut[0] + known[1], FORM)

    def _parts(self, parts: list[callings.Part]) -> None:
        for part in parts:
            if any(self.flat.taken[part.start : part.end]) and part.kind not in "mf":
                continue
            if part.kind == "degree":
                self.flat.take(part.start, part.end)
                continue
            if part.kind in "mf":
                self._add("sex", part.kind, part.start, part.end, FORM)
                continue
            said = self.flat.written(part.start, part.end)
            if part.kind == "name":
                said = "".join(said.split())
            self._add(part.kind, said, part.start, part.end, part.certainty)

    def _add(self, kind: str, value: str, at: int, end: int, certainty: float, *, take: bool = True) -> None:
        found = (
            self.flat.found(value, at, end, certainty)
            if take
            else Found(value, *self.flat.span(at, end), certainty)
        )
        self.items.append(Item(kind, found, at))


def _stretches(plain: str, start: int, end: int, more: str = "") -> list[tuple[int, int]]:
    found = []
    at = start
    for place in range(start, end + 1):
        if place == end or plain[place] in ",;|。!?、\n" + more:
            if place > at:
                found.append((at, place))
            at = place + 1
    return found


def read(text: str, *, region: Region | None = None) -> Reading:
    """Read a text of up to 20,000 characters. Never raises; what is not understood is in `rest`.

    `region` is asked what division an address lies in; "" for none.
    """
    reader = _Reader(text)
    reader.everywhere()
    reader.labelled()
    reader.unlabelled()
    people = Owners(text, reader.lines, reader.customer, reader.items).people()
    customer = reader.customer
    if region is not None:
        of = customer.address or customer.name
        code = region(of.value) if of is not None else ""
        if of is not None and code:
            customer.region = Found(code, of.start, of.end, FORM if of is customer.address else GUESS)
    flat = reader.flat
    rest = [
        Found(flat.written(*span), *flat.span(*span), 0.0)
        for span in reader._free()
        if any(char.isalnum() for char in flat.plain[slice(*span)])
    ]
    if len(text) > LONGEST and (more := text[LONGEST:]).strip():
        rest.append(Found(more[:200].strip(), LONGEST, len(text), 0.0))
    return Reading(customer, people, rest)
