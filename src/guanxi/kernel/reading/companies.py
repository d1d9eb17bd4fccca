"""Names of companies in running text: by their legal form, or by place and trade where they stand alone."""

import re

from guanxi.kernel.names import parse_company
from guanxi.kernel.places import CITIES, PROVINCES

__all__ = ["company_in", "short_company_in", "starts_with_place"]

_HAN_RUN = re.compile(r"[\u3400-\u9fff×〇○()&·*A-Za-z0-9+-]{3,80}")
_STRONG = re.compile(
    r"(?:公司|集团)(?:[\u4e00-\u9fff]{0,8}(?:分公司|办事处|代表处|分厂|工厂|营业部|分店|事业部$))?"
)
_WEAK = (
    "合作社|事务所|工作室|经营部|商行|商店|商贸行|门市部?|加工厂|总厂|厂|研究所|研究院|设计院|大学|学院|医院|学校|中学|大酒店|酒店|饭店|宾馆|"
    "协会|商会|维修站|服务站|加油站|超市|农场|茶庄|药房|诊所|旅行社|出版社|报社|电视台|俱乐部|幼儿园|合伙企业|实业|旗舰店|专卖店|书店|药店|花店|五金店"
)
_WEAK_END = re.compile(rf"(?:{_WEAK})(?=的|$|[(])")
_LEAD = re.compile(
    r"^(?:你好|您好|我们是|我是|这里是|这边是|这是|他是|她是|都是|就是|是|来自|就职于|任职于|在|新客户|客户"
    r"|供应商|麻烦|开票给|开票|发票|抬头|转发|"
    r"名片|联系|请|给|帮|找|叫|及|和|与|、)+"
)
_TALK = re.compile("[的了吗呢吧啊做说要请我你他她们这那边给把被]")

_FORM = (
    r"(?:Co\.? ?, ?Ltd\.?|Co\.? Ltd\.?|Co\.?,? ?Limited|Pte\.? ?Ltd\.?|Pty\.? ?Ltd\.?|Pvt\.? ?Ltd\.?"
    r"|Private Limited|(?:Joint Stock )?Company(?: Limited| Ltd\.?)?"
    r"|Ltda\.?|ASA|AS(?= ?(?:[,|]|$))"
    r"|Ltd\.?|Limited|LIMITED|LTD\.?|CO\.? ?,? ?LTD\.?|INC\.?|Inc\.?|Incorporated|L\.?L\.?C\.?|LLP|PLC|plc"
    r"|Corporation|CORPORATION|Corp\.?|CORP\.?"
    r"|GmbH(?: & Co\.? KG)?|AG|KG|S\.A\.S\.?|S\.A\.?|SA|SAS|SARL|S\.L\.U?\.?|S\.p\.A\.?|S\.r\.l\.?|SRL|B\.V\.?"
    r"|BV|N\.V\.?|NV|Sdn\.? Bhd\.?|K\.K\.?|KK|Oyj?|OÜ|AB"
    r"|A/S|ApS|Sp\. z o\.o\.?|Kft\.?|s\.r\.o\.?|JSC|GROUP|Group|Holdings?|University|Institute)"
)
_LATIN_FORM = re.compile(
    rf"(?<=[\w.)&] )(?:{_FORM})(?![\w])|(?<=[\w.)&],)(?: (?:{_FORM}))(?![\w])|(?<=\w) ?(?:Co\.,? ?Ltd\.?)(?!\w)",
    re.MULTILINE,
)
_NAME_WORD = re.compile(r"[\w&.'’()+-]+$")
_SMALL = frozenset(
    [
        "&",
        "and",
        "de",
        "del",
        "der",
        "und",
        "of",
        "the",
        "van",
        "von",
        "la",
        "y",
        "et",
        "do",
        "da",
        "di",
        "du",
        "des",
        "le",
        "les",
    ]
)
_MOST_WORDS = 9


def company_in(simple: str, plain: str, start: int, end: int) -> tuple[int, int, bool] | None:
    """The first company between two places, and whether its form is one of law or of custom."""
    for run in _HAN_RUN.finditer(simple, start, end):
        text = run.group()
        for form in _STRONG.finditer(text):
            last = form.end()
            while (
                (more := _STRONG.search(text, last))
                and more.start() - last < 9
                and "的" not in text[last : more.start()]
            ):
                last = more.end()
            first = _after_lead(text, form.start())
            if form.start() - first >= 2 and text[first:last] != "有限公司":
                return run.start() + first, run.start() + last, True
        weak = _WEAK_END.search(text)
        if weak and any(char > "\u2e7f" for char in text[: weak.start()]):
            first = _after_lead(text, weak.start())
            if (
                weak.end() - first >= 4
                and weak.start() - first >= 2
                and not _TALK.search(text[first : weak.end()])
            ):
                return run.start() + first, run.start() + weak.end(), True
    return _latin(plain, start, end)


def _after_lead(text: str, before: int) -> int:
    lead = _LEAD.match(text[:before])
    first = lead.end() if lead else 0
    talk = max(text.rfind(word, 0, before) for word in ("是", "我", "找", "叫"))
    if talk >= 0 and before - talk > 3:
        first = max(first, talk + 1)
    while first < before and text[first] in "()&·*+-":
        first += 1
    return first


def _latin(plain: str, start: int, end: int) -> tuple[int, int, bool] | None:
    for form in _LATIN_FORM.finditer(plain, start, end):
        at = form.start()
        words = 0
        first = at
        while words < _MOST_WORDS:
            stripped = at
            while (
                stripped > start
                and plain[stripped - 1] in " ,"
                and (words == 0 or plain[stripped - 1] == " ")
            ):
                stripped -= 1
            if stripped <= start or (words and stripped == at):
                break
            word = _NAME_WORD.search(plain, max(start, stripped - 40), stripped)
            if word is None:
                break
            said = word.group().strip("()")
            if not said or not (said[0].isupper() or said[0].isdigit() or said.casefold() in _SMALL):
                break
            at = word.start()
            words += 1
            if said[0].isupper() or said[0].isdigit():
                first = at
            elif said == "of" and _post_before(plain, start, at):
                break
        if first < form.start() and form.start() - first >= 3:
            until = form.end()
            while until < end and (more := re.compile(rf",? ?(?:{_FORM})(?!\w)").match(plain, until, end)):
                until = more.end()
            if plain[until : until + 1] == "." and plain[until - 1] != ".":
                until += 1
            return first, until, True
    return None


def _post_before(plain: str, start: int, at: int) -> bool:
    return (
        plain[max(start, at - 20) : at]
        .rstrip()
        .endswith(
            (
                "CEO",
                "CFO",
                "COO",
                "CTO",
                "Manager",
                "Director",
                "Head",
                "President",
                "Owner",
                "VP",
                "Engineer",
                "Buyer",
            )
        )
    )


def starts_with_place(text: str) -> bool:
    """Whether a text in simplified characters begins with a province or a city of China."""
    return any(text[:length] in CITIES or text[:length] in PROVINCES for length in (2, 3, 4, 5))


def short_company_in(token: str) -> tuple[int, int] | None:
    """A company called without its form: 杭州云栖数据 of 杭州云栖数据的, 扬州亚威机床."""
    lead = _LEAD.match(token)
    first = lead.end() if lead else 0
    text = token[first:]
    if not starts_with_place(text):
        return None
    until = text.find("的")
    said = text if until < 0 else text[:until]
    if not 5 <= len(said) <= 16 or _TALK.search(said) or not all(char > "\u2e7f" for char in said):
        return None
    parts = parse_company(said)
    if until < 0 and not (parts.trade or said.endswith(("业", "行", "社", "局", "院", "厂"))):
        return None
    return first, first + len(said)
