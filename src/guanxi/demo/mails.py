"""E-mails of the demo company with its customers over two years: threads that came to an end, and some that wait for an
answer. They enter as mail of a mailbox does; no server is connected."""

# Chinese in code: how people address each other in a letter

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from importlib.resources import files
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from guanxi.activities.services.answering import promise_answers
from guanxi.activities.services.mailing import record_mail
from guanxi.channels.choices import Direction, Standing
from guanxi.channels.models import Mailbox, Message
from guanxi.channels.rules.letters import read_head, read_letter
from guanxi.channels.services.storing import sieved, store
from guanxi.customers.models import Person
from guanxi.demo.company import COMPANY, MEMBERS, MemberSeed
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import company
from guanxi.kernel.worktime import OFFICIAL
from guanxi.marketing.choices import OPEN
from guanxi.marketing.models import Lead
from guanxi.sales.models import Opportunity

SHOWN: Final = "lin.xiaowen"
THREADS: Final = 110
_SHOWN: Final = 12  # of them with the salesperson who is shown
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_BACK, _OF_LATE = 700, 1.5  # days; the power by which they gather near today
_WAITING: Final = 10  # one thread of so many ends with a question of theirs in the last days
_LEADS: Final = 14
_PROMPT = 0.85  # the share of answers within a working day
_MACHINES: Final = {
    "zh": ("给袋式包装机", "立式包装机", "装箱机", "码垛机", "枕式包装机", "灌装线", "贴标机"),
    "en": ("premade pouch packer", "vertical form-fill-seal machine", "case packer", "palletiser"),
}
_DAYS: Final = {
    "zh": ("周一", "周二", "周三", "周四"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday"),
}
_CLOSING: Final = {
    "zh": "收到，谢谢。有事随时打我电话。",
    "en": "Thank you, noted. Please call me at any time.",
}
_TITLES: Final = (("总", ("总经理", "老板", "厂长")), ("经理", ("经理",)), ("工", ("工程师", "技术", "设备")))


@dataclass(frozen=True, slots=True)
class _Other:
    """Whom a thread is with."""

    name: str
    post: str
    sex: str
    mail: str
    firm: str
    english: bool
    seller: int
    sale: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    """A thread as it is written down: whether they write, and what."""

    subject: str
    parts: tuple[tuple[bool, str], ...]


def add_mails(actor: Actor, members: Sequence[UUID], today: date, seed: int) -> int:
    """Take them in, in the open scope; returns how many. Who asks for the same seed and day gets the same."""
    rng = Random(f"{seed} mails")  # noqa: S311  a demo, not a secret
    texts = {language: list(_read(language)) for language in ("zh", "en")}
    others, leads = list(_people(members)), list(_leads(members))
    by_seller: dict[int, list[tuple[bytes, datetime, UUID | None]]] = {}
    shown = [one for one in others if MEMBERS[one.seller].key == SHOWN]
    wanted = rng.sample(shown, min(_SHOWN, len(shown))) + rng.sample(others, min(THREADS, len(others)))
    for number, other in enumerate([*wanted, *leads[:_LEADS]]):
        waits = number % _WAITING == 0 or (number >= len(wanted) and number % 2 == 0)
        by_seller.setdefault(other.seller, []).extend(_thread(rng, other, texts, today, number, waits))
    count = 0
    for seller, mails in sorted(by_seller.items()):
        count += _take_in(actor, members[seller], MEMBERS[seller], mails)
    promise_answers(timezone.now())
    return count


def _read(language: str) -> Iterator[_Text]:
    told = files("guanxi.demo").joinpath("data/mails.txt").read_text(encoding="utf-8")
    for block in told.split(f"\n[{language}] ")[1:]:
        subject, _end, rest = block.split("\n[")[0].partition("\n")
        parts = f"\n{rest}".replace("\n<< ", "\n>> <").split("\n>> ")[1:]
        yield _Text(subject.strip(), tuple((one[:1] != "<", one.removeprefix("<").strip()) for one in parts))


def _people(members: Sequence[UUID]) -> Iterator[_Other]:
    sales = dict(
        Opportunity.objects.filter(customer__isnull=False, state="open")
        .order_by("pk")
        .values_list("customer", "pk")
    )
    seller = {pk: place for place, pk in enumerate(members) if "salesperson" in MEMBERS[place].roles}
    rows = Person.objects.filter(customer__owner__in=list(seller)).exclude(email="").order_by("pk")
    for one in rows.select_related("customer"):
        at = one.customer
        if at is not None and at.owner_id is not None:
            english = bool(at.region) and not at.region.isdigit()
            sale = sales.get(at.pk)
            yield _Other(one.name, one.post, one.sex, one.email, at.name, english, seller[at.owner_id], sale)


def _leads(members: Sequence[UUID]) -> Iterator[_Other]:
    place = {pk: at for at, pk in enumerate(members)}
    for one in Lead.objects.filter(state__in=OPEN, owner__isnull=False).exclude(email="").order_by("pk"):
        if one.owner_id in place and one.region:
            yield _Other(one.person, one.post, "", one.email, one.name, False, place[one.owner_id])


def _thread(
    rng: Random, other: _Other, texts: dict[str, list[_Text]], today: date, number: int, waits: bool
) -> Iterator[tuple[bytes, datetime, UUID | None]]:
    """The mails of one thread, with when each came and the sale that ours are about."""
    language = "en" if other.english else "zh"
    ends = [one for one in texts[language] if one.parts[-1][0] or len(one.parts) > 1]
    text = rng.choice([one for one in ends if (len(one.parts) == 1) == waits] or ends)
    seller = MEMBERS[other.seller]
    words = {
        "m": rng.choice(_MACHINES[language]),
        "day": rng.choice(_DAYS[language]),
        "us": seller.key.split(".")[1].title() if other.english else f"{seller.name[0]}经理",
        "them": other.name if other.english else _polite(other),
    }
    back = rng.randint(1, 9) if waits else 12 + int(rng.random() ** _OF_LATE * _BACK)
    start = OFFICIAL.next_workday(today - timedelta(days=back))
    at = datetime.combine(start, time(rng.randint(9, 15), rng.randint(0, 59)), _SHANGHAI)
    sale = other.sale if rng.random() < 0.5 else None
    refs: list[str] = []
    before = ""
    # What ends with a word of theirs would wait for an answer forever.
    closed = () if waits or not text.parts[-1][0] else ((False, _CLOSING[language]),)
    for place, (theirs, said) in enumerate((*text.parts, *closed)):
        ref = f"{at.timestamp():.0f}.{number}.{place}@{(other.mail if theirs else seller.email).partition('@')[2]}"
        said = said.format(**words)
        if at.date() >= today:
            return
        mail = _mail(other, seller, theirs, text.subject.format(**words), said, at, ref, refs, before)
        yield mail, at, None if theirs else sale
        before = f"{other.name if theirs else seller.name}\n{said}"
        refs.append(ref)
        hours = rng.uniform(0.5, 6) if rng.random() < _PROMPT else rng.uniform(9, 20)
        at = OFFICIAL.after(at, timedelta(hours=hours))


def _polite(other: _Other) -> str:
    for title, posts in _TITLES:
        if any(post in other.post for post in posts):
            return f"{other.name[:1]}{title}"
    return f"{other.name[:1]}{'女士' if other.sex == 'f' else '先生'}"


def _mail(
    other: _Other,
    seller: MemberSeed,
    theirs: bool,
    subject: str,
    said: str,
    at: datetime,
    ref: str,
    refs: Sequence[str],
    before: str,
) -> bytes:
    them, us = (other.name, other.mail), (seller.name, seller.email)
    made = EmailMessage()
    made["From"], made["To"] = formataddr(them if theirs else us), formataddr(us if theirs else them)
    made["Subject"] = f"Re: {subject}" if refs else subject
    made["Date"], made["Message-ID"] = format_datetime(at), f"<{ref}>"
    if refs:
        made["In-Reply-To"], made["References"] = f"<{refs[-1]}>", " ".join(f"<{one}>" for one in refs)
    signed = f"{other.name}\n{other.post}\n{other.firm}" if theirs else f"{seller.name}\n{COMPANY.short_name}"
    body = f"{said}\n\n-- \n{signed}\n"
    if before:
        who, _end, quoted = before.partition("\n")
        head = f"On {at:%Y-%m-%d}, {who} wrote:" if other.english else f"在 {at:%Y年%m月%d日}，{who} 写道："
        body += "\n".join(["", head, *(f"> {line}" for line in quoted.split("\n")), ""])
    made.set_content(body)
    return made.as_bytes()


def _take_in(
    actor: Actor, member: UUID, seller: MemberSeed, mails: Sequence[tuple[bytes, datetime, UUID | None]]
) -> int:
    """As a reading of the member's mailbox would; the mailbox stands there, not connected."""
    zone = ZoneInfo(company().time_zone)
    mailbox = Mailbox.objects.create(
        member_id=member,
        address=seller.email,
        username=seller.email,
        state=Standing.OFF,
        since=timezone.localdate(),
    )
    kept, sieve = sieved(mailbox, [read_head(raw) for raw, _at, _sale in mails])
    wanted = {head.ref for head in kept}
    letters: list[Any] = []
    sales: dict[str, UUID] = {}
    for raw, at, sale in sorted(mails, key=lambda one: one[1]):
        letter = read_letter(raw, zone=zone)
        if letter.head.ref in wanted:
            letters.append((letter, raw, at))
        if sale is not None:
            sales[letter.head.ref] = sale
    arrivals = store(mailbox, sieve, letters)
    tied = [
        one.message for one in arrivals if one.message.ref in sales and one.message.direction == Direction.OUT
    ]
    for message in tied:
        message.resource, message.record_id = "opportunities", sales[message.ref]
    Message.objects.bulk_update(tied, ["resource", "record_id"])
    record_mail(actor, arrivals)
    return len(arrivals)
