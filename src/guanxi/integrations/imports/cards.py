"""vCards (2.1, 3.0, 4.0) and LDIF to rows of one table: an address book's entries, one column for each thing said.

Sources: vCard 2.1 (versit, 1996), RFC 2426 (3.0), RFC 6350 (4.0); RFC 2849 (LDIF). What programs write beside them is
read as they mean it: bare types, quoted-printable that runs on, base64 that is not indented, labels of groups.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.refusals import Record, Unreadable

Form = Literal["vcard", "ldif"]
_BEGINS = re.compile(r"\s*BEGIN\s*:\s*VCARD\b", re.IGNORECASE)
_ENTRY = re.compile(r"(?:\s*(?:version:\s*1\s*|#[^\n]*)?\r?\n)*dn::?\s", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HELD = 200  # letters of a binary value's beginning: enough to know that there is one
_LONGEST = 200_000  # letters of one value

# The columns in the order in which they stand, for what cards have in common; anything else follows.
NAMES = (
    "Full Name", "Family Name", "Given Name", "Additional Names", "Name Prefix", "Name Suffix", "Nickname",
    "Organization", "Department", "Title", "Role", "Mobile Phone", "Work Phone", "Home Phone", "Phone",
    "Other Phone", "Fax", "Home Fax", "Pager", "E-mail", "Work E-mail", "Home E-mail", "WeChat", "QQ", "Work Street",
    "Work City", "Work Region", "Work Postal Code", "Work Country", "Home Street", "Home City", "Home Region",
    "Home Postal Code", "Home Country", "Work Website", "Website", "Personal Web Page", "Birthday", "Gender",
    "Categories", "Note",
)  # fmt: skip
_ADDRESS = ("Street", "City", "Region", "Postal Code", "Country")
_SINGLE = {
    "NICKNAME": "Nickname", "TITLE": "Title", "ROLE": "Role", "BDAY": "Birthday", "NOTE": "Note",
    "CATEGORIES": "Categories", "GENDER": "Gender", "X-GENDER": "Gender", "UID": "UID", "X-WECHAT": "WeChat",
    "X-QQ": "QQ", "FN": "Full Name", "ANNIVERSARY": "Anniversary", "X-ANNIVERSARY": "Anniversary",
    "X-EVOLUTION-ANNIVERSARY": "Anniversary", "X-SPOUSE": "Spouse", "X-EVOLUTION-SPOUSE": "Spouse",
    "X-MANAGER": "Manager's Name", "X-EVOLUTION-MANAGER": "Manager's Name", "X-ASSISTANT": "Assistant's Name",
    "X-EVOLUTION-ASSISTANT": "Assistant's Name", "X-MS-ANNIVERSARY": "Anniversary", "X-MS-IMADDRESS": "IM",
    "X-AIM": "AIM", "X-SKYPE": "Skype", "X-JABBER": "Jabber",
    "X-MSN": "MSN", "X-ICQ": "ICQ", "X-YAHOO": "Yahoo", "X-GTALK": "Google Talk",
}  # fmt: skip
# A card that is of a company, by 4.0 and by what address books write into 3.0.
_COMPANY = frozenset((("KIND", "ORG"), ("X-ABSHOWAS", "COMPANY")))
# Not about the person, or not for a table: pictures, keys, and what programs note for themselves.
_ASIDE = frozenset((
    "VERSION", "PRODID", "REV", "SORT-STRING", "LABEL", "PHOTO", "LOGO", "SOUND", "KEY", "MAILER", "CLASS", "PROFILE",
    "SOURCE", "GEO", "TZ", "BEGIN", "END", "CALURI", "CALADRURI", "FBURL", "XML", "CLIENTPIDMAP", "AGENT",
))  # fmt: skip


def form_of(sample: str) -> Form | None:
    """Whether a text that begins so is an address book of cards."""
    if _BEGINS.match(sample):
        return "vcard"
    return "ldif" if _ENTRY.match(sample) else None


def card_records(path: Path, encoding: str, form: Form) -> Iterator[Record]:
    """The head and then a row for each entry, as `(line, cells, problem)`; two passes over the file, for the head is
    what the entries say."""
    entries = _vcards if form == "vcard" else _ldif
    head: dict[str, None] = {}
    for entry in entries(path, encoding):
        head.update(dict.fromkeys(entry))
    place = {name: at for at, name in enumerate(NAMES)}
    names = sorted(head, key=lambda name: place.get(name.rstrip(" 0123456789"), len(place)))
    yield 1, names, None
    for line, entry in enumerate(entries(path, encoding), start=2):
        yield line, [entry.get(name, "") for name in names], None


def _lines(path: Path, encoding: str) -> Iterator[str]:
    longest = 16 * limit("IMPORT_MAX_CELL")  # pictures stand on one line
    with path.open(encoding=encoding, errors="replace") as file:
        for number in count(1):
            line = file.readline(longest)
            if not line:
                return
            if len(line) == longest:
                raise Unreadable("cell", _("Row %(line)s has an enormous cell.") % {"line": number})
            yield line.rstrip("\n")


# vCard


@dataclass(slots=True)
class _Property:
    name: str
    value: str
    group: str = ""
    types: frozenset[str] = frozenset()


def _vcards(path: Path, encoding: str) -> Iterator[dict[str, str]]:
    held: list[_Property] | None = None
    for line in _unfolded(_lines(path, encoding)):
        found = _property(line)
        if found is None:
            continue
        if found.name == "BEGIN" and found.value.strip().upper() == "VCARD":
            if held:
                yield _entry(held)  # a card that never ended
            held = []
        elif found.name == "END" and held is not None:
            if held:
                yield _entry(held)
            held = None
        elif held is not None and found.name not in _ASIDE:
            held.append(found)
    if held:
        yield _entry(held)


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Lines as they were before they were folded to fit: by a blank at the beginning, by `=` at the end of
    quoted-printable, or, of 2.1's base64, until a line that says something else."""
    whole = ""
    for line in lines:
        if whole and _runs_on(whole, line):
            soft = _is_quoted(whole) and whole.endswith("=")
            whole = whole[:-1] + line if soft else whole + line[1:] if line[:1] in " \t" else whole + line
            if len(whole) > _LONGEST:
                whole = whole[:_LONGEST]
            continue
        if whole:
            yield whole
        whole = line
    if whole:
        yield whole


def _runs_on(whole: str, line: str) -> bool:
    if line[:1] in (" ", "\t"):
        return True
    if _is_quoted(whole):
        return whole.endswith("=")
    head = whole[:_HELD].partition(":")[0].upper()
    return "BASE64" in head and bool(line) and ":" not in line


def _is_quoted(whole: str) -> bool:
    return "QUOTED-PRINTABLE" in whole[:_HELD].partition(":")[0].upper()


def _property(line: str) -> _Property | None:
    head, colon, value = _parted(line)
    if not colon:
        return None
    first, *params = head.split(";")
    group, _dot, name = first.strip().rpartition(".")
    types: set[str] = set()
    told: dict[str, str] = {}
    for param in params:
        key, equals, said = param.partition("=")
        if not equals:
            types.add(key.strip().upper())
        elif key.strip().upper() == "TYPE":
            types |= {one.strip().upper() for one in said.strip('"').split(",")}
        else:
            told[key.strip().upper()] = said.strip().strip('"')
    encoded = told.get("ENCODING", "").upper()
    if encoded in ("BASE64", "B") or types & {"BASE64"}:
        value = "" if name.upper() in _ASIDE else _of_base64(value)
    elif encoded == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in types:
        value = _of_quoted(value, told.get("CHARSET", ""))
    return _Property(name.upper(), value, group.lower(), frozenset(types))


def _parted(line: str) -> tuple[str, str, str]:
    """The part before the first colon outside quotation marks, and what follows."""
    quoted = False
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            return line[:at], ":", line[at + 1 :]
    return line.partition(":") if quoted else (line, "", "")


def _of_quoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    for name in (charset or "utf-8", "utf-8", "gb18030"):
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("utf-8", "replace")


def _of_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=False).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _entry(said: list[_Property]) -> dict[str, str]:
    """A card as columns; what is there twice gets a numbered one."""
    found: dict[str, str] = {}
    labels = {one.group: _text(one.value) for one in said if one.name == "X-ABLABEL" and one.group}
    is_company = any((one.name, one.value.strip().upper()) in _COMPANY for one in said)
    called = {_text(one.value).rstrip(";").strip() for one in said if one.name in ("FN", "ORG")}
    # RFC 2426: an address that does not say whose it is, is the one at work; of phones, the only one is the phone.
    at_work = any(one.name == "ADR" and "WORK" in one.types for one in said)
    phones = sum(one.name == "TEL" and not one.types & {"FAX", "PAGER"} for one in said)
    for one in said:
        if is_company and (one.name == "FN" or (one.name == "N" and _text(one.value).strip("; ") in called)):
            continue  # nobody's name: what ORG says
        if one.name == "ADR":
            _add_address(found, one, "Other " if at_work else "Work ")
            continue
        for name, text in _columns(one, labels.get(one.group, "")):
            text = text.strip()
            if name == "Phone" and phones > 1:
                name = "Other Phone"
            if not text or text in (value for key, value in found.items() if key.startswith(name)):
                continue
            found[_free(found, name)] = text
    return found


def _add_address(found: dict[str, str], one: _Property, usual: str) -> None:
    """The parts of an address in columns of one number, so that no part of another comes between them."""
    where = "Work " if "WORK" in one.types else "Home " if "HOME" in one.types else usual
    box, more, street, *rest = [*_parts(one.value), "", "", "", "", "", "", ""][:7]
    # A label without quotation marks runs on to the last colon before the parts.
    lines = (more.strip(), street.strip(), box.rpartition(":")[2].strip())
    texts = [text.strip() for text in (", ".join(line for line in lines if line), *rest)]
    told = {name: text for name, text in zip(_ADDRESS, texts, strict=True) if text}
    numbers = ("", *(f" {number}" for number in range(2, len(found) + 3)))
    free = next(at for at in numbers if not any(f"{where}{name}{at}" in found for name in _ADDRESS))
    found |= {f"{where}{name}{free}": text for name, text in told.items()}


def _free(found: Mapping[str, str], name: str) -> str:
    """The name of a column for one more of its kind: E-mail, E-mail 2, E-mail 3."""
    names = (name, *(f"{name} {number}" for number in range(2, len(found) + 3)))
    return next(one for one in names if one not in found)


def _columns(one: _Property, label: str) -> Iterator[tuple[str, str]]:
    kinds = one.types | ({label.strip("_$!<>").upper()} if label else set())
    match one.name:
        case "N":
            names = ("Family Name", "Given Name", "Additional Names", "Name Prefix", "Name Suffix")
            yield from zip(names, _parts(one.value), strict=False)
        case "ORG":
            company, *units = _parts(one.value)
            yield "Organization", company
            yield "Department", ", ".join(unit.strip() for unit in units if unit.strip())
        case "TEL":
            yield _phone_column(kinds), _number(one.value)
        case "EMAIL":
            yield _placed(kinds, "E-mail"), _text(one.value)
        case "URL":
            yield _page_column(kinds, label), _text(one.value)
        case "IMPP" | "X-SOCIALPROFILE":
            scheme, _colon, handle = one.value.partition(":")
            if scheme.lower() in ("weixin", "wechat") or kinds & {"WECHAT", "WEIXIN"}:
                yield "WeChat", unquote(handle or scheme)
        case name if name in _SINGLE:
            yield _SINGLE[name], _text(one.value)


def _phone_column(kinds: Iterable[str]) -> str:
    told = set(kinds)
    if "FAX" in told:
        return "Home Fax" if "HOME" in told else "Fax"
    if "PAGER" in told:
        return "Pager"
    if told & {"CELL", "MOBILE", "IPHONE"}:
        return "Mobile Phone"
    return _placed(told, "Phone")


def _page_column(kinds: Iterable[str], label: str) -> str:
    """A page at work is the company's; one at home, or one that a label calls a profile or a blog, the person's own."""
    told = set(kinds)
    if "WORK" in told:
        return "Work Website"
    # "Home page" is what telephones call any page.
    mine = "HOME" in told or (label and "HOMEPAGE" not in told)
    return "Personal Web Page" if mine else "Website"


def _placed(kinds: Iterable[str], name: str) -> str:
    told = set(kinds)
    return f"Work {name}" if "WORK" in told else f"Home {name}" if "HOME" in told else name


def _number(value: str) -> str:
    text = _text(value)
    if text.lower().startswith("tel:"):
        number, _semicolon, more = text[4:].partition(";")
        extension = re.search(r"ext=(\d+)", more)
        return number + (f" ext. {extension[1]}" if extension else "")
    return text


def _parts(value: str) -> list[str]:
    """The parts of a value, parted by semicolons that are not escaped."""
    return [_text(part) for part in re.split(r"(?<!\\);", value)]


def _text(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


# LDIF


_ATTRIBUTES = {
    "cn": "Full Name", "sn": "Family Name", "givenname": "Given Name", "mail": "E-mail", "o": "Organization",
    "company": "Organization", "ou": "Department", "department": "Department", "title": "Title",
    "mobile": "Mobile Phone", "cellphone": "Mobile Phone", "telephonenumber": "Work Phone",
    "homephone": "Home Phone", "facsimiletelephonenumber": "Fax", "fax": "Fax", "pager": "Pager",
    "pagerphone": "Pager", "street": "Work Street", "streetaddress": "Work Street", "postaladdress": "Work Street",
    "l": "Work City", "st": "Work Region", "postalcode": "Work Postal Code", "c": "Work Country",
    "co": "Work Country", "countryname": "Work Country", "description": "Note", "notes": "Note",
    "labeleduri": "Website", "workurl": "Website", "mozillaworkurl": "Website", "homeurl": "Website 2",
    "mozillahomeurl": "Website 2", "mozillasecondemail": "E-mail", "xmozillasecondemail": "E-mail",
    "mozillaworkstreet2": "Work Address 2", "mozillahomestreet2": "Home Address 2", "mozillacustom1": "Custom 1",
    "mozillacustom2": "Custom 2", "mozillacustom3": "Custom 3", "mozillacustom4": "Custom 4", "nsaimid": "AIM",
    "mozillanickname": "Nickname", "xmozillanickname": "Nickname", "mozillahomestreet": "Home Street",
    "mozillahomelocalityname": "Home City", "mozillahomestate": "Home Region",
    "mozillahomepostalcode": "Home Postal Code", "mozillahomecountryname": "Home Country", "birthyear": "Birth Year",
    "birthmonth": "Birth Month", "birthday": "Birth Day",
}  # fmt: skip
_PEOPLE = frozenset(("person", "inetorgperson", "organizationalperson", "mozillaabpersonalpha", "contact"))


def _ldif(path: Path, encoding: str) -> Iterator[dict[str, str]]:
    held: dict[str, list[str]] = {}
    for line in _ldif_lines(path, encoding):
        if not line:
            if entry := _person(held):
                yield entry
            held = {}
            continue
        name, colon, value = line.partition(":")
        if not colon:
            continue
        if value[:1] == ":":
            value = _of_base64(value[1:].strip())
        elif value[:1] == "<":
            continue  # a file elsewhere
        held.setdefault(name.strip().partition(";")[0].lower(), []).append(value.strip())
    if entry := _person(held):
        yield entry


def _ldif_lines(path: Path, encoding: str) -> Iterator[str]:
    whole = ""
    for line in _lines(path, encoding):
        if line[:1] == " ":
            whole += line[1:]
            continue
        if whole and whole[0] != "#":
            yield whole
        if not line:
            yield ""
        whole = line
    if whole and whole[0] != "#":
        yield whole


def _person(held: Mapping[str, list[str]]) -> dict[str, str]:
    """An entry of a person as columns; a group, or an entry that says nobody's name, is none."""
    classes = {one.lower() for one in held.get("objectclass", [])}
    if "dn" not in held or (classes and not classes & _PEOPLE):
        return {}
    found: dict[str, str] = {}
    for attribute, values in held.items():
        name = _ATTRIBUTES.get(attribute, "")
        for value in values if name else ():
            if value and value not in found.values():
                found[_free(found, name)] = value
    return found
