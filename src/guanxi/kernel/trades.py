"""Words that say what a company does (trade) and in what form of law it does it; for taking names apart."""

__all__ = ["BRANCH_ENDINGS", "CHINESE_FORMS", "LATIN_FORMS", "LATIN_FORM_PHRASES", "LATIN_TRADES", "TRADES"]

# The longest first is the parser's business. 厂 and 店 are no legal forms of a company, but of a sole
# trader's name.
_CHINESE_FORMS_TEXT = """
有限责任公司 股份有限公司 有限公司 股份公司 集团有限责任公司 集团股份有限公司 集团有限公司 集团公司 集团总公司
集团 控股有限公司 控股集团有限公司 控股集团 控股股份有限公司 股份有限责任公司 股份合作公司 股份合作制企业
总公司 公司 有限会社 株式会社 合同会社 合资会社 个体工商户 个人独资企业 个人独资 独资企业 合伙企业 有限合伙
普通合伙 特殊普通合伙 合伙企业有限合伙 合伙企业普通合伙 合伙企业特殊普通合伙 农民专业合作社 专业合作社
农民专业合作社联合社 合作社 总厂 厂
"""
CHINESE_FORMS = frozenset(_CHINESE_FORMS_TEXT.split())

_BRANCH_ENDINGS_TEXT = """
分公司 子公司 办事处 代表处 联络处 分厂 分店 分行 支行 支公司 分社 分部 分院 分校
分所 分中心 营业部 营业厅 营业所 服务部 项目部 事业部 销售部 销售处 经销处 门市部 经营部 采购部
工程处 管理处 储蓄所 门店 旗舰店 专卖店 直营店 工厂 车间
"""
BRANCH_ENDINGS = tuple(_BRANCH_ENDINGS_TEXT.split())

_LATIN_FORMS_TEXT = """
co coltd company companies ltd limited ltda lda inc incorporated llc llp lp lllp corp corporation plc pllc
group ag gmbh mbh ggmbh kg kgaa ohg ug ek ev se sa sas sarl sasu eurl snc sc spa srl sapa bv nv vof oy oyj ab
hb as asa aps sia uab ou pte pty pvt private proprietary kk yk gk sdn bhd berhad kft zrt nyrt rt sro as vos
doo dd ad ood eood ooo oao zao pao ao too jsc pjsc cjsc ojsc tbk persero sl slu scl sab saic eireli cia pc
psc wll fze fzco fzc dmcc holding holdings cv
"""
LATIN_FORMS = frozenset(_LATIN_FORMS_TEXT.split())

# Forms of several words, as they stand once points are gone.
LATIN_FORM_PHRASES = (
    ("sp", "z", "oo"), ("sp", "zoo"), ("s", "de", "rl"), ("sa", "de", "cv"), ("de", "cv"),
    ("gmbh", "&", "co", "kg"),
    ("&", "co"), ("and", "co"), ("d", "oo"), ("s", "ro"), ("de", "rl"), ("public", "limited", "company"),
)  # fmt: skip

_TRADES_TEXT = """
科技 技术 信息技术 网络科技 网络 信息 软件 电子 电子商务 电子科技 电气 电器 电力 电缆 电线电缆 电源 电机 电池
光电 光电科技 光学 半导体 集成电路 通信 通讯 通信技术 智能 智能科技 智能装备 智能制造 自动化 自动化设备
自动化科技 机器人 数控 数控机床 机床 机械 机械设备 机械制造 机械科技 机电 机电设备 机电科技 重工 重型机械
工程机械 包装机械 食品机械 化工机械 农业机械 设备 装备 仪器 仪表 仪器仪表 工具 五金 五金制品 五金机电 模具
阀门 泵业 轴承 紧固件 标准件 液压 气动 弹簧 齿轮 铸造 锻造 精密 精密机械 精密制造 钢铁 钢结构 金属 金属制品
金属材料 铝业 铜业 不锈钢 材料 新材料 复合材料 建材 建筑材料 水泥 陶瓷 玻璃 石材 木业 板材 家具 家居 门业 门窗
涂料 油漆 化工 化学 精细化工 化工科技 塑料 塑业 塑胶 塑料制品 橡胶 橡塑 橡胶制品 轮胎 纸业 包装 包装制品
包装材料 印刷 印务 彩印 纺织 纺织品 服装 服饰 服装服饰 针织 鞋业 皮革 制衣 家纺 印染 日用品 日化 化妆品 洗涤
玩具 礼品 工艺品 文具 体育用品 办公用品 食品 食品科技 饮料 乳业 酒业 酿酒 粮油 油脂 调味品 茶业 茶叶 水产
水产品 肉类 冷冻食品 农产品 农业 农业科技 农业发展 农牧 牧业 种业 饲料 肥料 化肥 农药 园林 园艺 生态 养殖 果蔬
果业 畜牧 林业 医药 制药 药业 生物 生物科技 生物技术 生物医药 医疗 医疗器械 医疗科技 健康 健康科技 健康管理
保健品 大药房 汽车 汽车零部件 汽车配件 汽车销售 汽车服务 汽车贸易 配件 零部件 摩托车 电动车 新能源 新能源科技
能源 能源科技 光伏 太阳能 风电 石油 石化 燃气 热力 煤业 矿业 环保 环保科技 环保设备 环境 环境科技 环境工程
水务 水处理 节能 节能科技 消防 安防 安全技术 暖通 制冷 制冷设备 空调 照明 灯饰 灯具 航空 航天 船舶 轨道交通
起重机械 电梯 锅炉 建筑 建筑工程 建设 建设工程 工程 安装工程 装饰 装饰工程 装修 设计 规划设计 市政工程 路桥
地产 房地产 房地产开发 置业 物业 物业管理 物业服务 贸易 商贸 国际贸易 进出口 进出口贸易 经贸 工贸 实业
实业发展 企业 商业 商业管理 百货 超市 供应链 供应链管理 物流 国际物流 货运 货运代理 运输 仓储 快递 快运 速递
冷链物流 港务 航运 海运 投资 投资管理 资产管理 基金 基金管理 证券 保险 保险代理 银行 租赁 融资租赁 担保 金融
典当 小额贷款 管理 企业管理 企业管理咨询 管理咨询 咨询 咨询服务 商务咨询 财务咨询 会计师事务所 律师事务所
税务师事务所 知识产权 人力资源 人力资源服务 劳务 劳务派遣 服务 信息咨询 信息科技 技术服务 技术咨询 检测
检测技术 认证 广告 广告传媒 传媒 文化 文化传媒 文化传播 文化发展 文化艺术 影视 影视传媒 出版 会展 展览
展览展示 教育 教育科技 教育咨询 培训 旅游 旅行社 国际旅行社 酒店 酒店管理 餐饮 餐饮管理 餐饮服务 饭店 宾馆
体育 游戏 娱乐 发展 开发 科技发展 制造 制品 加工 用品 产品 销售 经营 工业 产业 商行 经营部 商店 门市部 批发部
加工厂 美容 美发 摄影 家政 家政服务 保洁 安保 保安服务 通航 数据 数据科技 大数据 云计算 互联网 互联网科技
物联网 物联网科技 人工智能 数字科技 激光 激光科技 测控 测绘 勘测 地质 勘探 传感器 连接器 线缆 开关 变压器
变频器 电控 压缩机 风机 水泵 减速机 输送设备 干燥设备 包装设备 检测设备 试验设备 焊接 焊接设备 热处理 表面处理
喷涂 磨料 磨具 刀具 量具 密封件 过滤 滤清器 管业 管道 管件 线业 饮品 豆制品 乳制品 面粉 面业 米业 粮食 食品饮料
休闲食品 烘焙 糖业 糖果 盐业 冷饮 肉制品 蔬菜 水果 生鲜 果品 茶叶贸易 酒类 酒水 食品加工 食品贸易 农机 农资 饰品
家电 电商 数码 电子技术 电子电器 电器设备 电气设备 电力设备 电力工程 机电工程 自动化技术 自动化工程 机械配件 机械加工
五金工具 五金建材 五金电器 建材贸易 装饰材料 装饰设计 装饰设计工程 园林绿化 园林工程 景观 工程技术 工程咨询
环保工程 环保技术 节能技术 新材料科技 生物工程 医药科技 医药连锁 医疗设备 健康咨询 健康产业 纸制品 木制品 塑料包装
橡胶科技 化工产品 化工贸易 化工材料 纺织科技 服装贸易 鞋帽 箱包 床上用品 窗帘 珠宝 首饰 钟表 眼镜 母婴用品 宠物用品
宠物食品 速冻食品 调味食品 方便食品 海洋食品 营养食品 保健食品 坚果食品 炒货食品 冷链食品 焙烤食品 膨化食品
罐头食品 婴幼儿食品 中药 中药饮片 饮片 中药材 药材 调味料 复合调味料 香料 香辛料 酿造 食品酿造 禽业 蛋业 乳品
咖啡 动物药业 动物营养 宠物营养 酱业 味业 杂粮 器材 包装器材 水暖 水暖器材 健身器材 消防器材 元件 气动元件 电子元件
元器件 钣金 钣金制造 护理用品 日用化工
文化创意 文化产业 文化科技 广告设计 广告策划 图文 数字传媒 影视文化 网络 网络技术 信息工程 信息服务 软件开发 软件科技
软件技术 系统集成 通信设备 通信工程 安防科技 智能技术 智能设备 智能制造科技 物流运输 运输服务 汽车租赁 汽车维修
汽车用品 二手车 租赁服务 机械租赁 设备租赁 劳务服务 建筑劳务 建筑装饰 建筑装饰工程 建筑安装 建筑科技 钢材 钢材贸易
金属科技 金属贸易 煤炭 煤炭贸易 石油化工 能源技术 能源发展 电力科技 光伏科技 新能源汽车 供应链科技 国际物流服务
企业服务 企业咨询 商务服务 商务信息咨询 商务 财税 财税咨询 税务咨询 会计服务 法律咨询 教育信息咨询 教育培训 体育文化
体育发展 旅游开发 旅游发展 餐饮文化 酒店用品 厨房设备 厨具 洁具 卫浴 卫生用品 清洁 清洁服务 环卫 护肤品 美妆 生活服务
"""
TRADES = frozenset(_TRADES_TEXT.split())

_LATIN_TRADES_TEXT = """
technology technologies tech machinery machine equipment trading trade international import export industrial
industry industries electronics electronic electric electrical foods food chemical chemicals pharmaceutical
pharmaceuticals textile garment logistics engineering construction automation software systems services
service solutions consulting manufacturing packaging plastics steel metal materials energy science development
enterprise enterprises network information auto automotive medical biotech
"""
LATIN_TRADES = frozenset(_LATIN_TRADES_TEXT.split())
