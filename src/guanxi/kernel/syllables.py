"""The syllables of Mandarin in pinyin without tones (ü is v), and cutting typed pinyin into them."""

from functools import lru_cache

__all__ = ["SYLLABLES", "split_syllables"]

_SYLLABLES_TEXT = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen
ceng cha chai chan chang chao che chen cheng chi chong chou chu chuai chuan chuang chui chun chuo ci cong cou
cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun
duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai
guan guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia
jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai
kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu
luan lue lun luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan
nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nue nuo nv nve o ou pa pai pan
pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu
quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha
shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su
suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan
wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi
yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei
zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_SYLLABLES_TEXT.split())

_LONGEST_INPUT = 120


@lru_cache(maxsize=4096)
def split_syllables(typed: str) -> tuple[str, ...] | None:
    """Typed pinyin as syllables: "luweiyuan" → ("lu", "wei", "yuan"); None where it is not wholly pinyin.

    The longest first syllable that lets the rest be cut wins ("fangan" → fang an, "xian" → xian). Apostrophes
    and spaces cut where they stand ("xi'an"); ü may be typed v, ü or, after l and n before e, u.
    """
    text = typed.casefold().replace("ü", "v").replace("’", "'").replace("'", " ")
    if not text.strip() or len(text) > _LONGEST_INPUT:
        return None
    result: list[str] = []
    for part in text.split():
        cut = _cut(part)
        if cut is None:
            return None
        result.extend(cut)
    return tuple(result)


def _cut(part: str) -> list[str] | None:
    end = len(part)
    step = [0] * (end + 1)  # length of the first syllable of part[i:], 0 where it cannot be cut
    step[end] = 1
    for start in range(end - 1, -1, -1):
        for length in range(min(6, end - start), 0, -1):
            if step[start + length] and part[start : start + length] in SYLLABLES:
                step[start] = length
                break
    if not step[0]:
        return None
    result, start = [], 0
    while start < end:
        result.append(part[start : start + step[start]])
        start += step[start]
    return result
