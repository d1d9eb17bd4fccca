"""The words by which a promise is told from a wish, a plan or a deed done; each has one kind."""

# Chinese in code: the words themselves

from guanxi.activities.promising.chinese_words import CHINESE
from guanxi.activities.promising.english_words import ENGLISH

__all__ = [
    "COLLECTED",
    "COMES_BY_ITSELF",
    "COMING",
    "DETERMINERS",
    "MUST",
    "NAMES_THINGS",
    "NO_PROMISED_VERBS",
    "OURS_BY_NATURE",
    "PHRASES",
    "PLANNED",
    "SEES_TO",
    "THEIRS_BY_NATURE",
    "THINGS",
    "WHOLE_ENDINGS",
    "kind_of_english",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A verb that, without a subject, is ours by its nature, or theirs: the seller quotes, the buyer pays.
OURS_BY_NATURE = _words(
    "上门 交付 交货 优惠 供货 减免 出图 出样 出货 发货 响应 培训 备货 安装 开发票 开票 打样 报价 换货 "
    "排产 演示 维修 补发 让利 调试 赠送 返利 退款 送样 送货 重开 降价"
)
THEIRS_BY_NATURE = _words(
    "下单 下订单 付 付款 付清 加单 回款 审批 打款 打钱 提货 支付 收货 汇款 盖章 结款 结清 订货 转账 追加 "
    "预付 验收"
)
# Verbs that hold their object, or want none, by how they end.
WHOLE_ENDINGS = tuple(
    _words(
        "上门 产 价 单 反馈 合同 响应 回复 图 培训 字 拍板 料 样 款 演示 电 票 章 答复 考察 试机 话 调试 账 "
        "货 门"
    )
)
# Without more than a day they are a plan of ours and no promise: 下周再联系, "Call Tom on Monday".
PLANNED = _words("call chase check phone ping ring text 准备 回访 对接 打电话 联系 致电")
# Meeting us is worth a promise: he said he would come on Tuesday.
COMING = _words("come visit 到厂 到现场 到访 参观 来 来厂 来现场 来看 来访 考察 过来 过来看")
# Before a day and another verb they only say that it is seen to: 安排明天补发.
SEES_TO = _words("准备 安排 抓紧 联系")
# What follows them is a thing, also where it may be a verb.
DETERMINERS = _words("a an any first her his its my new next of our second the their these this those your")
# They name a thing with what follows: 测试数据, 付款时间.
NAMES_THINGS = _words(
    "下单 交货 付款 供货 出货 加工 发货 合作 培训 安装 审批 开票 打样 技术 报价 检修 检测 测试 确认 维修 "
    "补充 订货 设计 评审 试产 试用 调试 送货 采购 验收"
)
THINGS = tuple(
    _words(
        "信息 协议 员 周期 师 情况 报告 数据 方式 日期 时间 条件 条款 标准 流程 环节 的 结果 要求 计划 费 "
        "进度 通知 部 问题"
    )
)
# What they must do is what we want of them; what we must do is promised.
_MUST_TEXT = "必须|需|需要|还得|应当|务必|must|have to|has to|need to|needs to|still have to|gotta|got to"
MUST = frozenset(_MUST_TEXT.split("|"))
# A thing does it, nobody in particular.
COMES_BY_ITSELF = _words("上线 到位 到账 到货 投产")
# Behind "will" they promise nothing, or are no verbs.
NO_PROMISED_VERBS = _words(
    "a all also an and any anything arrive at attend be become believe come consider cost decide depend "
    "discuss expect fall feel find follow go grow happen have he her his hope in it its join know last "
    "like likely look lose mean meet more my need new no not nothing on one or our probably remain "
    "require run see seem she some stay take talk that the their these they think this those to travel "
    "try two understand visit wait want we win work your"
)


def _by_length(kinds: dict[str, str], mark: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, text in kinds.items():
        for word in text.split(mark):
            if kind == "noun" or word not in found:
                found[word] = kind
    return found


def _collected(words: dict[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """By the first character, the longest first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for word, kind in sorted(words.items(), key=lambda item: -len(item[0])):
        if word:
            found.setdefault(word[0], []).append((word, kind))
    return {first: tuple(words) for first, words in found.items()}


COLLECTED = _collected(_by_length(CHINESE, None))
_ENGLISH_WORDS = _by_length(ENGLISH, "|")
# By the first word of a phrase: the phrases of several words, the longest first.
PHRASES: dict[str, tuple[str, ...]] = {}
for _phrase in sorted((word for word in _ENGLISH_WORDS if " " in word), key=len, reverse=True):
    PHRASES[_phrase.split()[0]] = (*PHRASES.get(_phrase.split()[0], ()), _phrase)


def kind_of_english(word: str) -> str:
    """The kind of a word or phrase in small letters, "" of one that is not known; a verb's -s is taken off, and it is
    then "deeds": what somebody else does."""
    if kind := _ENGLISH_WORDS.get(word):
        return kind
    if word.endswith("s") and len(word) > 3:
        bases = (word[:-1], word[:-2], word[:-3] + "y")
        return "deeds" if any(_ENGLISH_WORDS.get(base) == "deed" for base in bases) else ""
    return ""
