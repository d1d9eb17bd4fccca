"""Chinese names by their sound: the key they are sorted by and the readings they are found by.

Dictionaries are those of pypinyin (MIT), read once and reduced to what tells readings apart (some 20 MB): the
library itself reads 16,000 names a second and holds 57 MB. Tones are dropped; ü is v, as people type it.
"""

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import combinations, product
from pathlib import Path

from guanxi.kernel.surnames import COMPOUND_SURNAMES, SURNAMES
from guanxi.kernel.syllables import split_syllables
from guanxi.kernel.text import simplify

__all__ = ["Readings", "person_sort_key", "readings", "sort_key", "split_syllables"]

KEY_LENGTH = 200
_TIE_LENGTH = 40  # of the key, kept for the original characters when the sound fills it
_READ_LENGTH = 60  # characters of a name that are read; nobody types more

# Words of places and trade that the dictionary lacks or reads otherwise than companies do.
_OWN_PHRASES_TEXT = """
朝阳:chao'yang 单县:shan'xian 浚县:xun'xian 洪洞:hong'tong 尉氏:wei'shi 筠连:jun'lian 荥经:ying'jing
涡阳:guo'yang 莘县:shen'xian 繁峙:fan'shi 解州:xie'zhou 井陉:jing'xing 费县:fei'xian 乐陵:lao'ling 乐亭:lao'ting
什邡:shi'fang 新都:xin'du 百色:bai'se 朝鲜:chao'xian 宿迁:su'qian 阿里:a'li 吐鲁番:tu'lu'fan 吐蕃:tu'bo
宁夏:ning'xia 石化:shi'hua 盛世:sheng'shi 大城县:dai'cheng'xian 射洪:she'hong 穆棱:mu'ling 长垣:chang'yuan
武陟:wu'zhi 漯河:luo'he 六合:lu'he 六盘水:liu'pan'shui 丽江:li'jiang 台州:tai'zhou 天台:tian'tai 番禺:pan'yu
铅山:yan'shan 洪泽:hong'ze 盱眙:xu'yi 乐山:le'shan 阆中:lang'zhong 大邑:da'yi 康巴:kang'ba 东阿:dong'e
蔚县:yu'xian 曲沃:qu'wo 侯马:hou'ma 解放:jie'fang 长子县:zhang'zi'xian 会泽:hui'ze 会理:hui'li 会稽:kuai'ji
万年县:wan'nian'xian 牟定:mou'ding 中牟:zhong'mu 任城:ren'cheng 任县:ren'xian 茶行:cha'hang 文具行:wen'ju'hang
建材行:jian'cai'hang 商贸行:shang'mao'hang 贸易行:mao'yi'hang 百货行:bai'huo'hang 车行:che'hang 总行:zong'hang
分行:fen'hang 支行:zhi'hang 银行:yin'hang 行业:hang'ye 会计:kuai'ji 参茸:shen'rong 重工:zhong'gong
重机:zhong'ji 重型:zhong'xing 重科:zhong'ke 起重:qi'zhong 调味:tiao'wei 调料:tiao'liao 弹簧:tan'huang
传感:chuan'gan 传媒:chuan'mei 传动:chuan'dong 模具:mu'ju 薄膜:bo'mo 铺装:pu'zhuang 铺业:pu'ye 便利:bian'li
大厦:da'sha 厦门:xia'men 厦航:xia'hang 厦工:xia'gong 海参:hai'shen 人参:ren'shen 量具:liang'ju 数控:shu'kong
单晶:dan'jing 种业:zhong'ye 种苗:zhong'miao 制冷:zhi'leng 塔吊:ta'diao 万向:wan'xiang 华盛顿:hua'sheng'dun
"""
_OWN_PHRASES = _OWN_PHRASES_TEXT.split()
# A character alone, where companies mean another reading than the dictionary puts first.
_OWN_FIRST_TEXT = """
长:chang 都:du 朝:chao 调:tiao 薄:bo 传:chuan 藏:cang 盛:sheng 厂:chang 广:guang 阿:a 咖:ka 莞:guan 沈:shen
铺:pu 弹:dan 万:wan 石:shi 蕃:fan 蔚:wei 尉:wei 宿:su 翟:zhai 覃:qin 仇:qiu 缪:miao 佘:she 区:qu 圩:wei 堡:bao
车:che 艾:ai 洗:xi 拓:tuo 叶:ye 兴:xing 创:chuang 南:nan 熟:shu 给:gei 褚:chu 奇:qi 曾:zeng 晟:sheng 靓:liang
劲:jin 什:shi 率:shuai
"""
_OWN_FIRST = dict(pair.split(":") for pair in _OWN_FIRST_TEXT.split())
# Characters whose other reading no company and no person means.
_ONE_READING = frozenset("鑫柠莉景艾奇强娜莎食色亲弟见陆将说提胖尾蔡姚冯郝大石地的得市信机限沂")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")


# An entry of the library's phrases. Read by pattern: parsed whole they take 30 MB that are never given back.
_ENTRY = re.compile(r'"([^"]+)"\s*:\s*\[((?:\s*\[\s*"[^"]+"[^\]]*\]\s*,?)+)\s*\]')
_SOUND = re.compile(r'\[\s*"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Readings:
    """How a name may be typed: `initials` (重庆: "cq") and `full` ("chongqing"), the ordinary reading first.

    Lower case, without spaces; Latin letters and digits of the name stand in their place. Empty for a name
    without any letter.
    """

    initials: tuple[str, ...]
    full: tuple[str, ...]


_NOTHING = Readings((), ())


@dataclass(frozen=True, slots=True)
class _Dictionary:
    chars: dict[
        str, tuple[str, ...]
    ]  # every character: its ordinary reading, then others words are known for
    phrases: dict[str, tuple[str, ...]]  # words that settle the reading of a character with several
    heads: dict[str, int]  # the length of the longest such word by its first two characters
    unsure: frozenset[str]  # characters whose reading depends on the word


def _without_tone(reading: str) -> str:
    split = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in split if not unicodedata.combining(char))


@cache
def _dictionary() -> _Dictionary:
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        raise ImportError("pypinyin is not installed")
    folder = Path(spec.origin).parent  # its data without its code: importing it would keep both in memory
    raw_chars: dict[str, str] = json.loads((folder / "pinyin_dict.json").read_text(encoding="utf-8"))
    bare = cache(_without_tone)
    words: dict[str, tuple[str, ...]] = {}
    for entry in _ENTRY.finditer((folder / "phrases_dict.json").read_text(encoding="utf-8")):
        spoken = tuple(map(bare, _SOUND.findall(entry[2])))
        if len(spoken) == len(entry[1]):
            words[entry[1]] = spoken
    for own in _OWN_PHRASES:
        word, _, sounds = own.partition(":")
        words[word] = tuple(sounds.split("'"))
    heard: dict[str, Counter[str]] = {}
    for word, spoken in words.items():
        for char, sound in zip(word, spoken, strict=True):
            heard.setdefault(char, Counter())[sound] += 1
    same: dict[tuple[str, ...], tuple[str, ...]] = {}
    chars: dict[str, tuple[str, ...]] = {}
    for code, listed in raw_chars.items():
        char = chr(int(code))
        several = tuple(dict.fromkeys(bare(sound) for sound in listed.split(",")))
        if len(several) > 1:
            several = _kept(char, several, heard.get(char, Counter()))
        chars[char] = same.setdefault(several, several)
    unsure = {char for char, several in chars.items() if len(several) > 1}
    for word, spoken in words.items():
        unsure.update(c for c, sound in zip(word, spoken, strict=True) if chars.get(c, (sound,))[0] != sound)
    phrases = {word: spoken for word, spoken in words.items() if not unsure.isdisjoint(word)}
    heads: dict[str, int] = {}
    for word in phrases:
        heads[word[:2]] = max(heads.get(word[:2], 0), len(word))
    return _Dictionary(chars, phrases, heads, frozenset(unsure))


def _kept(char: str, listed: tuple[str, ...], heard: Counter[str]) -> tuple[str, ...]:
    """The readings worth keeping: dictionaries list ancient ones (市 as fu) that no word of today has."""
    first = _OWN_FIRST.get(char, listed[0])
    total = heard.total()
    if char in _ONE_READING:
        return (first,)
    others = [sound for sound in listed if sound != first]
    if not total:
        return (first, *others[:1])
    return (first, *(sound for sound in others if heard[sound] >= 2 or heard[sound] * 10 >= total))


@lru_cache(maxsize=50_000)
def _sounds(char: str) -> tuple[str, ...]:
    """Readings of one character, by its simplified form where it has none itself; () where it is not
    Chinese."""
    chars = _dictionary().chars
    return chars.get(char) or chars.get(simplify(char)) or ()


@lru_cache(maxsize=256)  # the key and the readings of one name are asked for together
def _spoken(text: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """For each character: its readings, the best first (() for no Chinese), and whether a word settled it."""
    plain = [_sounds(char) for char in text]
    result = [(options, False) for options in plain]
    words = _dictionary()
    text = simplify(text)
    if words.unsure.isdisjoint(text):
        return tuple(result)
    at, end = 0, len(text)
    while at < end - 1:
        longest = min(words.heads.get(text[at : at + 2], 0), end - at)
        for length in range(longest, 1, -1):
            spoken = words.phrases.get(text[at : at + length])
            if spoken is not None:
                for offset, sound in enumerate(spoken, at):
                    options = plain[offset]
                    if len(options) > 1 or sound not in options:
                        result[offset] = ((sound, *(o for o in options if o != sound)), True)
                at += length
                break
        else:
            at += 1
    if end > 2 and text[-1] == "行" and not result[-1][1]:
        result[-1] = (("hang", "xing"), False)  # a firm: 永昌五金行
    return tuple(result)


def _spoken_person(text: str) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """The same for a person's name: its first one or two characters are a surname."""
    simple = simplify(text)
    if len(text) > 2 and (pair := COMPOUND_SURNAMES.get(simple[:2])) is not None:
        return ((pair[0],), True), ((pair[1],), True), *_spoken(text[2:])
    listed = SURNAMES.get(simple[:1])
    if listed is None:
        return _spoken(text[:1]) + _spoken(text[1:])
    ordinary = tuple(sound for sound in _sounds(text[0]) if sound not in listed)
    return ((*listed, *ordinary), False), *_spoken(text[1:])


def _normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _is_chinese_person(text: str) -> bool:
    """A Chinese name begins with a Chinese character and is not a translated one (约翰·史密斯)."""
    return bool(text) and "·" not in text and _HAN.match(text) is not None


def _key(name: str, text: str, spoken: tuple[tuple[tuple[str, ...], bool], ...]) -> str:
    parts: list[str] = []
    at, end, gap = 0, len(text), False
    while at < end:
        char = text[at]
        options = spoken[at][0]
        start = at
        at += 1
        if options:
            parts.append(options[0] + "'")
        elif char.isdecimal():
            while at < end and text[at].isdecimal():
                at += 1
            digits = "".join(str(unicodedata.decimal(d)) for d in text[start:at]).lstrip("0") or "0"
            # Longer numbers are larger: the length goes first, so that 2号 stands before 10号.
            parts.append(("!" if gap else "") + chr(0x30 + min(len(digits), 16)) + digits)
        elif char.isalpha():
            parts.append(("!" if gap else "") + _latin(char))
        else:
            gap = bool(parts) and not parts[-1].endswith("'")
            continue
        gap = False
    sound = "".join(parts)
    tie = " ".join(name.split())
    sound = sound[: KEY_LENGTH - 1 - min(len(tie), _TIE_LENGTH)]
    return f"{sound} {tie}"[:KEY_LENGTH].rstrip() if tie else ""


@lru_cache(maxsize=5_000)
def _latin(char: str) -> str:
    bare = unicodedata.normalize("NFD", char.casefold())[0]
    return bare.upper() if bare.isascii() else char.casefold()


def sort_key(name: str) -> str:
    """The stored key whose byte order (C collation) is the order Chinese readers expect; at most 200
    characters.

    Digits, then Latin, then Chinese, then other scripts. Chinese goes syllable by syllable, tones apart: each
    syllable in small letters, closed by an apostrophe, which is below every letter (li'ming' before lin').
    Latin is in capitals, case folded, so that it is below every syllable; words are parted by "!". Numbers
    count by value. After a space stands the name itself, which decides between equal sounds. "" only for a
    blank name.
    """
    text = _normal(name)[:KEY_LENGTH]
    return _key(name, text, _spoken(text))


def person_sort_key(name: str) -> str:
    """`sort_key` with the surname read as a surname: 单雄信 under shan, 曾国藩 under zeng, 尉迟恭 under
    yuchi."""
    text = _normal(name)[:KEY_LENGTH]
    if not _is_chinese_person(text):
        return _key(name, text, _spoken(text))
    text = "".join(text.split())
    return _key(name, text, _spoken_person(text))


def readings(name: str, *, person: bool = False, limit: int = 8) -> Readings:
    """All plausible ways to type a name, the ordinary one first, at most `limit` of each kind.

    Readings that a known word settles (重庆) are varied last, for words are sometimes cut wrongly.
    """
    text = _normal(name)[:KEY_LENGTH]
    if person and _is_chinese_person(text):
        text = "".join(text.split())
        spoken = _spoken_person(text)
    else:
        spoken = _spoken(text)
    whole: list[str] = []
    several = False
    for char, (options, _settled) in zip(text[:_READ_LENGTH], spoken, strict=False):
        if options:
            whole.append(options[0])
            several = several or len(options) > 1
        elif char.isalnum():
            whole.append(char.casefold())
    if not several:
        # Four names in five: nothing to vary.
        return Readings(("".join([sound[0] for sound in whole]),), ("".join(whole),)) if whole else _NOTHING
    places: list[tuple[tuple[str, ...], bool]] = []
    for char, (options, settled) in zip(text[:_READ_LENGTH], spoken, strict=False):
        if options:
            places.append((options, settled))
        elif char.isalnum():
            places.append(((char.casefold(),), True))
    heads = [(_initials(options), settled) for options, settled in places]
    return Readings(_variants(heads, limit), _variants(places, limit))


@lru_cache(maxsize=20_000)
def _initials(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sound[0] for sound in options))


def _variants(places: list[tuple[tuple[str, ...], bool]], limit: int) -> tuple[str, ...]:
    """Spellings, cheapest deviation first: none, one place, two places; free places before settled ones."""
    first = [options[0] for options, _ in places]
    several = [at for at, (options, _) in enumerate(places) if len(options) > 1]
    if not several:
        return ("".join(first),)
    found: dict[str, None] = {"".join(first): None}
    free = [at for at in several if not places[at][1]]
    bound = [at for at in several if places[at][1]]
    for chosen in (*((at,) for at in free), *combinations(free, 2), *((at,) for at in bound)):
        for sounds in product(*(places[at][0][1:] for at in chosen)):
            if len(found) >= limit:
                return tuple(found)
            spelling = first.copy()
            for at, sound in zip(chosen, sounds, strict=True):
                spelling[at] = sound
            found["".join(spelling)] = None
    return tuple(found)
