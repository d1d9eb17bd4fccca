"""Surnames that are read otherwise than the same character elsewhere, and surnames of two characters.

The first reading is the one to sort by; the others are also found by search, since families differ (覃 is Qin
in Guangxi, Tan elsewhere). Surnames that have one reading anyway stand here where the dictionary is unsure.
"""

__all__ = ["COMPOUND_SURNAMES", "SURNAMES"]


_SURNAMES_TEXT = """
单:shan/dan 曾:zeng 解:xie 仇:qiu 查:zha 盖:ge/gai 区:ou 任:ren 朴:piao/pu 缪:miao/mou 翟:zhai/di 员:yun/yuan
逄:pang 覃:qin/tan 乐:yue/le 冼:xian 纪:ji 晁:chao 种:chong/zhong 黑:he/hei 繁:po/fan 宓:fu/mi 折:she/zhe
过:guo 那:na 幺:yao 燕:yan 宁:ning 洗:xian/xi 隗:wei/kui 祭:zhai/ji 牟:mu/mou 郇:xun/huan 谌:chen/shen 佴:nai
撒:sa 车:che 秘:bi/mi 卜:bu 召:shao/zhao 曲:qu 哈:ha 盛:sheng 藏:zang/cang 石:shi 乜:nie/mie 贾:jia 俞:yu
柏:bai/bo 褚:chu 都:du 尉:wei/yu 句:gou/ju 勾:gou 能:nai/neng 瞿:qu 华:hua 应:ying 令:ling 行:xing
重:zhong/chong 长:chang/zhang 降:xiang/jiang 宿:su 率:shuai 适:kuo/shi 葛:ge 舍:she 见:jian 角:jue/jiao
隽:juan 琚:ju 郗:xi/chi 郄:qie/xi 郝:hao 酆:feng 阚:kan 难:ning/nan 冯:feng 沈:shen 万:wan 尹:yin 亓:qi
仉:zhang 伋:ji 佟:tong 侯:hou 俱:ju 偰:xie 兴:xing 冒:mao 占:zhan 卓:zhuo 参:shen/can 史:shi 叶:ye 吾:wu 吴:wu
呙:guo 呼:hu 和:he 咸:xian 哥:ge 塔:ta 大:da 夏:xia 奇:qi 娄:lou 子:zi 孙:sun 宫:gong 将:jiang 尧:yao 尤:you
居:ju 展:zhan 山:shan 巨:ju 干:gan 庞:pang 弥:mi 弹:tan 强:qiang 彭:peng 归:gui 当:dang 得:de 恽:yun 戚:qi
扎:zha 抗:kang 拓:tuo/ta 揭:jie 敖:ao 景:jing 朝:chao 枞:cong 桑:sang 桓:huan 橛:jue 殷:yin 毋:wu 汤:tang
沐:mu 沙:sha 泄:xie 洪:hong 浑:hun 涂:tu 湛:zhan 溥:pu 漆:qi 炅:gui/jiong 炔:gui/que 焦:jiao 甯:ning 申:shen
畲:she 相:xiang 眭:sui 矫:jiao 称:cheng 窦:dou 竺:zhu 筰:ze 系:xi 綦:qi 纹:wen 络:luo 给:ji/gei 臧:zang
苫:shan 苟:gou 荀:xun 莘:shen/xin 菅:jian 葉:ye 蒙:meng 蔚:yu/wei 薄:bo 蔺:lin 虑:lu 衷:zhong 被:bei 訾:zi
许:xu 调:diao 贲:ben/bi 费:fei/bi 轩:xuan 轧:ya 还:huan 遆:ti 邸:di 郏:jia 鄢:yan 钭:tou 钻:zuan 铁:tie
镡:xin/tan 阿:a 陆:lu 隋:sui 靳:jin 颉:xie/jie 颜:yan 麻:ma 黎:li 齐:qi 龟:gui 臺:tai 邰:tai 嵇:ji 暨:ji
缑:gou 昝:zan 瘳:chou 蹇:jian 逯:lu 郜:gao 乔:qiao 炎:yan 朱:zhu 么:yao 恶:e 番:pan/fan 冠:guan 禚:zhuo 厍:she
庹:tuo 詹:zhan 粘:nian 辗:zhan 宾:bin 邝:kuang 麦:mai 屈:qu 谭:tan 於:yu 余:yu 俎:zu 妫:gui 妘:yun 苻:fu 斛:hu
迮:ze 笪:da 佘:she
"""
SURNAMES: dict[str, tuple[str, ...]] = {
    name: tuple(readings.split("/"))
    for name, readings in (entry.split(":") for entry in _SURNAMES_TEXT.split())
}

_COMPOUND_SURNAMES_TEXT = """
尉迟:yu'chi 万俟:mo'qi 长孙:zhang'sun 单于:chan'yu 澹台:tan'tai 令狐:ling'hu 欧阳:ou'yang 司马:si'ma
上官:shang'guan 诸葛:zhu'ge 东方:dong'fang 皇甫:huang'fu 公孙:gong'sun 慕容:mu'rong 司徒:si'tu 司空:si'kong
夏侯:xia'hou 轩辕:xuan'yuan 宇文:yu'wen 鲜于:xian'yu 闾丘:lv'qiu 赫连:he'lian 濮阳:pu'yang 淳于:chun'yu
太史:tai'shi 申屠:shen'tu 仲孙:zhong'sun 钟离:zhong'li 公冶:gong'ye 宗政:zong'zheng 公羊:gong'yang 呼延:hu'yan
端木:duan'mu 南宫:nan'gong 西门:xi'men 独孤:du'gu 拓跋:tuo'ba 闻人:wen'ren 百里:bai'li 东郭:dong'guo
第五:di'wu 第二:di'er 左丘:zuo'qiu 子车:zi'ju 亓官:qi'guan 谷梁:gu'liang 乐正:yue'zheng 漆雕:qi'diao
壤驷:rang'si 夹谷:jia'gu 宰父:zai'fu 巫马:wu'ma 段干:duan'gan 东里:dong'li 南门:nan'men 羊舌:yang'she
微生:wei'sheng 梁丘:liang'qiu 公良:gong'liang 拓拔:tuo'ba 叱干:chi'gan 哥舒:ge'shu 纳兰:na'lan 完颜:wan'yan
耶律:ye'lv 爱新:ai'xin 叶赫:ye'he 那拉:na'la 贺兰:he'lan 尔朱:er'zhu 屈突:qu'tu 长鱼:chang'yu 欧陽:ou'yang
司寇:si'kou 仆固:pu'gu 库狄:she'di 厍狄:she'di 贺若:he're 车非:che'fei 吐谷:tu'yu
"""
COMPOUND_SURNAMES: dict[str, tuple[str, str]] = {
    name: (first, second)
    for name, first, second in (
        entry.replace(":", "'").split("'") for entry in _COMPOUND_SURNAMES_TEXT.split()
    )
}
