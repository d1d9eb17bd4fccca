"""Place names that begin or qualify the names of companies: provinces, cities, and their common English
forms.

Administrative divisions of China down to the prefecture, with county-level cities known for their industry.
Counties and districts are known by their ending (县, 区, 旗). Used for taking names apart only; addresses
have their own table.
"""

__all__ = ["CITIES", "COMMON_WORDS", "FOREIGN_PLACES", "LATIN_PLACES", "PROVINCES", "PROVINCE_OF"]

_PROVINCES_TEXT = """
北京 天津 上海 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西
海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾
"""
PROVINCES = frozenset(_PROVINCES_TEXT.split())

_CITIES_TEXT = """
石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州
临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安盟 锡林郭勒 阿拉善 沈阳 大连
鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 四平 辽源 通化 白山 松原 白城 延边 延吉
哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭 南京 无锡 徐州 常州 苏州
南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 江阴 宜兴 张家港 常熟 昆山 太仓 如皋 启东 海门 丹阳 靖江 泰兴 溧阳
东台 高邮 仪征 句容 兴化 邳州 新沂 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 永康 瑞安 乐清
慈溪 余姚 海宁 桐乡 平湖 诸暨 嵊州 东阳 兰溪 江山 临海 温岭 玉环 龙泉 建德 龙港 合肥 芜湖 蚌埠 淮南 马鞍山
淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 巢湖 桐城 天长 明光 界首 宁国 广德 福州 厦门 莆田 三明
泉州 漳州 南平 龙岩 宁德 晋江 石狮 南安 福清 福鼎 福安 邵武 武夷山 永安 漳平 南昌 景德镇 萍乡 九江 新余 鹰潭
赣州 吉安 宜春 抚州 上饶 瑞金 丰城 樟树 高安 德兴 贵溪 井冈山 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安
威海 日照 临沂 德州 聊城 滨州 菏泽 莱芜 滕州 龙口 莱阳 莱州 招远 栖霞 海阳 青州 诸城 寿光 安丘 高密 昌邑 曲阜
邹城 新泰 肥城 荣成 乳山 乐陵 禹城 临清 胶州 平度 莱西 邹平 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳
许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源 巩义 荥阳 新密 新郑 登封 长垣 卫辉 辉县 沁阳 孟州 禹州 长葛
永城 项城 汝州 舞钢 邓州 林州 偃师 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江
天门 神农架 大冶 丹江口 宜都 枝江 当阳 枣阳 宜城 老河口 钟祥 京山 应城 安陆 汉川 石首 洪湖 松滋 麻城 武穴 赤壁
广水 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 浏阳 宁乡 醴陵 湘乡 韶山 耒阳
常宁 武冈 汨罗 临湘 津市 沅江 资兴 洪江 冷水江 涟源 吉首 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆
惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 顺德 南海 普宁 台山 开平 鹤山 恩平 四会 英德 连州 阳春
罗定 兴宁 陆丰 高州 化州 信宜 廉江 雷州 吴川 增城 番禺 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色
贺州 河池 来宾 崇左 桂平 北流 靖西 岑溪 东兴 凭祥 合山 宜州 海口 三亚 三沙 儋州 琼海 文昌 万宁 东方 五指山
洋浦 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜
凉山 都江堰 彭州 邛崃 崇州 简阳 广汉 什邡 绵竹 江油 峨眉山 阆中 华蓥 万源 西昌 射洪 会理 隆昌 涪陵 万州 永川
江津 合川 綦江 璧山 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南 清镇 赤水 仁怀 凯里 都匀 福泉 兴义 盘州
昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆 安宁 宣威 个旧 开远 蒙自
弥勒 景洪 瑞丽 芒市 拉萨 日喀则 昌都 林芝 山南 那曲 阿里 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
杨凌 兴平 韩城 华阴 神木 彬州 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南 敦煌
玉门 西宁 海东 格尔木 德令哈 银川 石嘴山 吴忠 固原 中卫 灵武 青铜峡 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉
博尔塔拉 巴音郭楞 阿克苏 喀什 和田 伊犁 塔城 阿勒泰 石河子 阿拉尔 库尔勒 奎屯 伊宁 五家渠 台北 高雄 台中 台南
新竹 基隆 桃园 九龙 定州 辛集 任丘 霸州 三河 涿州 高碑店 安国 河间 黄骅 泊头 沙河 武安 南宫 深州 晋州 新乐
遵化 迁安 滦州 平泉 古交 介休 侯马 霍州 原平 孝义 汾阳 高平 永济 河津 瓦房店 庄河 海城 东港 凤城 凌海 北镇
盖州 大石桥 灯塔 调兵山 开原 北票 凌源 兴城 公主岭 梅河口 集安 珲春 敦化 图们 龙井 和龙 扶余 洮南 大安 舒兰
桦甸 蛟河 磐石 双辽 临江 尚志 五常 讷河 虎林 密山 铁力 同江 富锦 绥芬河 海林 宁安 穆棱 北安 五大连池 安达 肇东
海伦 满洲里 二连浩特 乌兰浩特 锡林浩特 丰镇 霍林郭勒 浦东 横琴 前海 两江 滨海新区 西咸新区
"""
CITIES = frozenset(_CITIES_TEXT.split())

# The cities above stand province by province: with which city each begins (some come twice, smaller ones last).
_BEGINS_TEXT = """
石家庄:河北 太原:山西 呼和浩特:内蒙古 沈阳:辽宁 长春:吉林 哈尔滨:黑龙江 南京:江苏 杭州:浙江 合肥:安徽 福州:福建
南昌:江西 济南:山东 郑州:河南 武汉:湖北 长沙:湖南 广州:广东 南宁:广西 海口:海南 成都:四川 涪陵:重庆 贵阳:贵州
昆明:云南 拉萨:西藏 西安:陕西 兰州:甘肃 西宁:青海 银川:宁夏 乌鲁木齐:新疆 台北:台湾 九龙:香港 定州:河北 古交:山西
瓦房店:辽宁 公主岭:吉林 尚志:黑龙江 满洲里:内蒙古 浦东:上海 横琴:广东 两江:重庆 滨海新区:天津 西咸新区:陕西
"""


def _provinces() -> dict[str, str]:
    begins = dict(pair.split(":") for pair in _BEGINS_TEXT.split())
    found: dict[str, str] = {}
    province = ""
    for city in _CITIES_TEXT.split():
        province = begins.get(city, province)
        found.setdefault(city, province)
    return found


PROVINCE_OF = _provinces()

_FOREIGN_PLACES_TEXT = """
中国 中华 大中华 亚太 亚洲 美国 英国 德国 法国 日本 韩国 新加坡 马来西亚 泰国 越南 印度 印度尼西亚 印尼 菲律宾
澳大利亚 澳洲 加拿大 意大利 西班牙 荷兰 瑞士 瑞典 比利时 俄罗斯 巴西 墨西哥 阿联酋 迪拜 东南亚 欧洲 北美 国际
全球
"""
FOREIGN_PLACES = frozenset(_FOREIGN_PLACES_TEXT.split())

# In brackets only: (Shanghai), (China), (H.K.).
_LATIN_PLACES_TEXT = """
china prc cn hk hongkong macau macao taiwan shanghai beijing tianjin chongqing guangzhou shenzhen suzhou wuxi
nanjing hangzhou ningbo qingdao jinan yantai weihai linyi weifang dalian shenyang xiamen fuzhou dongguan
foshan zhuhai zhongshan chengdu wuhan changsha zhengzhou xian hefei kunshan changzhou nantong jiaxing shaoxing
wenzhou yiwu taicang kunming nanning guiyang haikou harbin changchun shijiazhuang tangshan taiyuan jiangsu
zhejiang guangdong shandong singapore malaysia thailand vietnam india indonesia philippines japan korea usa us
uk germany france italy spain netherlands switzerland sweden australia canada asia apac asiapacific emea
europe europa international deutschland
"""
LATIN_PLACES = frozenset(_LATIN_PLACES_TEXT.split())

# Cities whose names are ordinary words or brands: places only where 市, 县 or brackets say so (阿里巴巴,
# 东方电气).
_COMMON_WORDS_TEXT = """
东方 阿里 山南 永安 安康 安宁 新乐 安达 兴平 天长 明光 福安 高安 万宁 五常 同江 东兴 兴义 永康 福泉 吉安 长治
万源 德兴 灯塔 海阳 东阳 文山 大安 宁国 广德 开原 和龙 高平 永济 凤城 天门 当阳 白银 资兴 北流 江山 龙泉 东港
丰城 安国 黄山 和田 红河 凉山 金昌 海林 海城 兴化 平安 天水 东台 龙口 凤凰 长葛 弥勒 福鼎 龙井 北海
"""
COMMON_WORDS = frozenset(_COMMON_WORDS_TEXT.split())
