"""What people and programs write into a cell that has nothing to say."""

# Chinese in code: words of spreadsheets

from guanxi.kernel.text import fold
from guanxi.kinds import Kind, Text

_NOTHING = frozenset((
    "-", "--", "---", "—", "——", "/", "\\", "\\n", "n/a", "na", "n.a.", "null", "none", "nil", "#n/a", "无", "暂无",
    "（无）", "(无)", "（空）", "(empty)", "(blank)", "undefined",
))  # fmt: skip
_UNKNOWN = frozenset((
    "?", "??", "？", "unknown", "not known", "tbd", "n.k.", "未知", "不详", "不明", "不清楚", "待定", "待确认",
    "待补充", "待核实",
))  # fmt: skip


LONGEST = max(map(len, _NOTHING | _UNKNOWN))  # of such a word


def says_nothing(raw: str, kind: Kind | None = None) -> bool:
    """Whether a cell stands for an empty one. A line of text takes any word, so that of it only the signs are asked;
    a longer text says what it says."""
    text = raw.strip().casefold()
    if isinstance(kind, Text):
        return not kind.multiline and text in _NOTHING
    return text in _NOTHING or text in _UNKNOWN or not fold(text)
