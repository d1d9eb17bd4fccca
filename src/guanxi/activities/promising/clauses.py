"""Sentences and clauses of a note, also of one dictated without a comma: a new subject begins a new clause."""

# Chinese in code: the sign of a list

from collections.abc import Sequence
from dataclasses import replace

from guanxi.activities.promising.tokens import Token
from guanxi.activities.promising.words import SEES_TO

__all__ = ["SUBJECTS", "Clause", "read_sentences"]

SUBJECTS = frozenset(("we", "they", "pronoun", "person", "colleague"))
_SAYS = frozenset(("vow", "pact", "say", "will", "yes"))
_GOES_ON = frozenset((*_SAYS, "when", "deed", "deeds", "want", "ask", "no", "done", "colon", "meet"))
_WHOLE = frozenset(("deed", "deeds", "vow", "pact", "say", "yes", "meet", "ask", "done"))
_TAKES = frozenset(("give", "ask", "ba", "vow", "pact", "say", "link", "if", "event"))
_REPORTS = frozenset(["确认", "回复", "答复", "反馈", "回话", "确定", "发布", "联系"])
_REPORTERS = frozenset(("person", "they", "pronoun", "colleague", "fill"))
_LOOK_AHEAD = 8
_LONGEST = 50  # tokens of a clause, clauses of a sentence: what is longer is no sentence

Clause = list[Token]


def read_sentences(tokens: Sequence[Token]) -> list[list[Clause]]:
    """The clauses of each sentence, without spaces; the sign that ends one stands last in it."""
    sentences: list[list[Clause]] = [[]]
    clause: Clause = []
    row = _with_reports([token for token in tokens if token.kind != "space"])
    for at, token in enumerate(row):
        ends = token.kind == "stop" and not (token.word == ";" and _is_list(sentences[-1], clause))
        if token.kind == "stop" or (token.kind == "comma" and token.word != "、"):
            clause.append(token)
            sentences[-1].append(clause)
            clause = []
            if ends or len(sentences[-1]) >= _LONGEST:
                sentences.append([])
            continue
        if clause and (len(clause) >= _LONGEST or _begins(row, at, clause)):
            sentences[-1].append(clause)
            clause = []
        clause.append(token)
    sentences[-1].append(clause)
    return [
        [one for one in sentence if any(token.kind not in ("stop", "comma") for token in one)]
        for sentence in sentences
        if any(sentence)
    ]


def _is_list(sentence: list[Clause], clause: Clause) -> bool:
    """Whether what was said before a colon holds for all that follows."""
    return any(token.kind == "colon" for one in (*sentence, clause) for token in one)


def _with_reports(row: list[Token]) -> list[Token]:
    """确认 and 回复 said of what somebody shall do, and not as the deed itself: 王总确认下周付款."""
    for at, token in enumerate(row):
        if token.kind == "say" and at + 1 < len(row) and row[at + 1].word.startswith("的"):
            row[at] = replace(token, kind="text")
        if (
            token.word in _REPORTS
            and at
            and row[at - 1].kind in _REPORTERS
            and not (at > 1 and row[at - 2].kind == "give")
        ):
            after = next((one for one in row[at + 1 : at + 3] if one.word not in ("了", "过")), None)
            if after is not None and after.kind in ("when", "will", "colon", *SUBJECTS):
                row[at] = replace(token, kind="say")
    return row


def _begins(row: Sequence[Token], at: int, clause: Clause) -> bool:
    token, before = row[at], row[at - 1]
    after = next((one for one in row[at + 1 : at + 4] if one.kind != "fill"), None)
    if token.kind == "link":
        return token.word not in ("and", "并") or (
            after is not None and after.kind in (*SUBJECTS, "vow", "role", "ba")
        )
    whole = any(one.kind in _WHOLE for one in clause)
    if token.kind in SUBJECTS and _is_open(clause):
        return False
    if token.kind in SUBJECTS or (token.kind == "role" and after is not None and after.kind in _SAYS):
        return whole and after is not None and _is_new_subject(token, before, after, clause)
    if token.kind == "name":
        return (
            whole
            and before.kind not in (*_TAKES, "latin")
            and before.word != "that"
            and after is not None
            and after.kind in ("will", "say", "vow")
        )
    if token.kind in ("vow", "if"):
        return whole and before.kind not in (
            *SUBJECTS,
            "vow",
            "pact",
            "no",
            "hedge",
            "fill",
            "done",
            "role",
            "name",
            "will",
            "event",
            "able",
        )
    if token.kind == "when" and any(char >= "\u3400" for char in token.word):
        after_event = before.kind in ("text", "noun") and before.word.endswith(("后", "前"))
        after_event |= any(one.kind == "deed" and one.word.endswith("完") for one in clause)  # 签完合同三天内
        if before.word in SEES_TO:
            return False
        return not after_event and any(one.kind == "deed" for one in clause) and _leads_to_deed(row, at + 1)
    return False


def _is_open(clause: Clause) -> bool:
    """把 without its verb: whoever follows is done something with."""
    moved = next((at for at, one in enumerate(clause) if one.word == "把"), -1)
    return moved >= 0 and all(one.kind != "deed" for one in clause[moved:])


def _is_new_subject(token: Token, before: Token, after: Token, clause: Clause) -> bool:
    if before.word == "that":
        return False
    if before.kind in _TAKES and not (
        before.kind == "say" and token.kind == "we" and after.kind in ("say", "vow")
    ):
        return before.kind == "link"
    if before.kind in ("deed", "deeds", "meet"):
        return after.kind in _SAYS
    if before.kind in SUBJECTS and not any(one.kind in ("deed", "say", "vow", "ask") for one in clause[:-1]):
        return False
    if token.word.isascii() and after.kind in ("when", "give") and after.word != "to":
        return False
    return after.kind in _GOES_ON or after.word == "to" or after.kind in SUBJECTS or after.kind == "give"


def _leads_to_deed(row: Sequence[Token], at: int) -> bool:
    for one in row[at : at + _LOOK_AHEAD]:
        if one.kind in ("stop", "comma", "when"):
            return False
        if one.kind == "deed" or one.word == "给":
            return True
    return False
