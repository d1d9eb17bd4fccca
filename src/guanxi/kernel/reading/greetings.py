"""Whom a message is addressed to: 李总好, 张工，您好, Dear Ms. Smith. It is the reader's own name, and no contact."""

import re
from collections.abc import Iterator

from guanxi.kernel.reading.callings import is_called, is_chinese_name

__all__ = ["greetings_in"]

_WISH = "您好|你好|早上好|上午好|中午好|下午好|晚上好|晚安|早安|好|早"
_SIGN = r"(?= ?(?:[,。!?:;~|、]|\n|$|我|这里|这边))"
_BEGIN = r"(?:(?<=[\n,。!?:;|])|(?<=[\n,。!?:;|] )|^)"
_DEAR = "(?:尊敬的|亲爱的|敬爱的|(?:dear|hi|hello) ?,? ?)"
# 李总好, 张工 您好, 尊敬的王建国先生
_NAMED_FIRST = re.compile(
    rf"{_BEGIN}(?P<dear>{_DEAR})?(?P<name>[\u4e00-\u9fff]{{2,6}}?) ?[,:]? ?(?:{_WISH}){_SIGN}", re.IGNORECASE
)
# 你好李总; 您好，李总，我是…
_WISHED_FIRST = re.compile(rf"{_BEGIN}(?:{_WISH}) ?[,!]? ?(?P<name>[\u4e00-\u9fff]{{2,6}}?){_SIGN}")
# 尊敬的李总：, Dear 李总,
_DEARED = re.compile(rf"{_BEGIN}{_DEAR}(?P<name>[\u4e00-\u9fff]{{2,6}}?){_SIGN}", re.IGNORECASE)
# 李总，我是…的王雪莉
_ADDRESSED = re.compile(r"^(?P<name>[\u4e00-\u9fff]{2,6}?) ?[,:!]? ?(?=我是|我这边是|我们是|这里是|这边是)")
_WORD = r"[^\W\d_][\w'’-]*\.?"
_LATIN = re.compile(
    r"(?:^|(?<=\n))(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|greetings)(?: there)?,? "
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,4}}) ?(?=[,:!;]|\n|$| -)",
    re.IGNORECASE,
)
_OF_ONESELF = frozenset(
    ["i", "i'm", "i’m", "im", "this", "we", "my", "it", "it's", "here", "from", "is", "am"]
)


def greetings_in(plain: str, simple: str) -> Iterator[tuple[int, int]]:
    """Where somebody is greeted, the greeting included; `simple` is `plain` in simplified characters."""
    for shape in (_NAMED_FIRST, _WISHED_FIRST, _DEARED, _ADDRESSED):
        for match in shape.finditer(simple):
            name = match["name"]
            # A bare name before a colon is who wrote it: 李敏：您好
            bare = shape in (_NAMED_FIRST, _DEARED) and ":" not in match.group()
            if is_called(name) or (bare and is_chinese_name(name)):
                yield match.span()
    for match in _LATIN.finditer(plain):
        words = match["name"].split(" ")
        if words[0][:1].isupper() and not any(word.casefold() in _OF_ONESELF for word in words):
            yield match.span()
