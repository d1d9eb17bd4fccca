"""The words by which a pasted text is understood. All Chinese in simplified characters: they are sought in such."""

__all__ = ["DEPARTMENTS", "FUNCTIONS", "LABELS", "NO_NAMES", "POSTS", "POST_WORDS", "SURNAMES"]

# What a label says → its words. Those of one Latin letter want a colon or point after them.
_LABELS_TEXT = {
    "name": "单位名称 公司名称 企业名称 客户名称 客户全称 公司全称 购买方名称 购方名称 发票抬头 开票抬头 公司抬头 "
    "单位抬头 抬头名称 个体户发票抬头 抬头 购买方 购方 开票单位 收票单位 付款单位 单位 公司 客户 新客户 "
    "供应商 名称 企业 工作单位 company "
    "name|company|customer|client|organization|organisation|firm|employer|invoice to|bill to|sold "
    "to|billed to",
    "tax": "统一社会信用代码 社会信用代码 信用代码 纳税人识别号 纳税人识别码 纳税识别号 纳税人税号 纳税号 "
    "税务登记号 税务登记证号 公司税号 单位税号 企业税号 税号 tax id|tax no|tax number|tax code|vat "
    "number|vat no|vat id|vat|usci|uscc|tin",
    "legal": "法定代表人 法人代表 法人 legal representative",
    "address": "注册地址 单位地址 公司地址 企业地址 办公地址 联系地址 通讯地址 通信地址 详细地址 收货地址 送货地址 "
    "收件地址 寄送地址 工厂地址 厂址 开票地址 地址 住所 位置 address|addr|add|location|office address|a",
    "mobile": "联系人手机 手机号码 手机号 手机 移动电话 行动电话 行动 手提电话 手提 移动 mobile phone|mobile "
    "no|mobile|mobil|mob|cell phone|cellphone|cell|hp|handphone|mp|m|whatsapp|móvil|movil|celular|handy|portable|port",
    "phone": "公司电话 注册电话 单位电话 电话号码 联系电话 办公电话 联系方式 固定电话 服务热线 订餐电话 小时电话 "
    "固话 座机 总机 热线 电话 telephone|phone|tel no|tel|ph|office "
    "phone|office|t|p|o|landline|switchboard|hotline|telefon|téléphone|tél|teléfono|main line|main",
    "direct": "直线电话 直线 直拨 分机号码 direct line|direct|ddi|direct dial|d",
    "fax": "传真号码 传真号 传真 facsimile|fax no|fax number|fax|telefax|f",
    "email": "电子邮箱 电子邮件 邮箱地址 电邮 邮箱 邮件 e-mail address|email address|e-mail|email|mail|e",
    "web": "公司网址 公司网站 官方网站 公司主页 网址 网站 官网 主页 website|web site|web|homepage|url|w",
    "wechat": "微信号码 微信号 加微信 微信 wechat id|wechat|weixin|wxid|wx|vx",
    "qq": "qq号码 qq号 qq",
    "bank": "开户银行名称 开户行名称 开户银行 开户行 基本户开户行 基本户 银行 bank name|bank",
    "account": "银行账号 银行帐号 银行账户 银行帐户 开户账号 开户帐号 公司账号 对公账号 账户 帐户 账号 帐号 卡号 "
    "bank account|account number|account no|acct no|a/c no|a/c|iban|account",
    "post_code": "邮政编码 邮编 zip code|zip|postcode|post code|postal code|p.c",
    "person": "客户联系人 联系人姓名 业务联系人 收件人 收货人 联系人 负责人 经办人 发件人 姓名 contact "
    "person|contact name|contact|attn|attention|name",
    "post": "职务 职位 岗位 职称 title|job title|position|post|designation",
    "department": "所在部门 部门 department|dept|division",
    "sex": "性别 gender|sex",
    "other": "skype|line id|line|telegram|linkedin|swift code|swift|备注 说明 签名 主题 传真机",
}  # fmt: skip


def _split(text: str) -> list[str]:
    """Chinese words are parted by blanks; Latin ones, which may hold blanks, by a stroke, after the Chinese."""
    found = []
    for part in text.split("|"):
        words = part.split(" ")
        while (words and any(char > "\u2e7f" for char in words[0])) or (words and words[0].startswith("qq")):
            found.append(words.pop(0))
        if words and " ".join(words).strip():
            rest = " ".join(words).strip()
            found.append(rest) if rest.isascii() else found.extend(rest.split())
    return found


LABELS = {word: kind for kind, text in _LABELS_TEXT.items() for word in _split(text)}

_SURNAMES_TEXT = """
赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦
昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹
姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐
邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀
羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘
景詹束龙叶司韶黎薄印宿白怀蒲邰鄂索咸赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮
牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧
沃利蔚越夔隆师巩厍聂晁勾敖融冷辛阚那简饶空曾沙养鞠须丰巢关相查后荆红游竺权盖益桓公肖付闫覃覃代涂邸苟
牟佟岳谌付仝洛佘兰仉展
"""
SURNAMES = frozenset("".join(_SURNAMES_TEXT.split()))

# Begins like a surname, and is no name.
_NO_NAMES_TEXT = """
高级 公司 方案 金额 单价 周一 周二 周三 周四 周五 周六 周日 谢谢 江苏 江西 于是 安排 成都 马上 时间 时候 汇款
苏州 常州 常熟 温州 广州 广东 广西 杭州 通讯 通信 通州 于此 任职 任何 应该 能否 成立 成本 成交 和平 安徽 安全
安装 全国 全部 全称 国内 国外 国际 东莞 东城 东区 方便 方式 高新 高兴 华东 华南 华北 华中 江阴 江门 金融 金属
计划 计算 经理 经营 居住 开票 利润 连接 明天 明年 宁波 平台 钱款 权限 荣誉 商务 上海 沈阳 沙发 师傅 石材 双方
水电 司机 孙子 通知 通过 万元 万一 卫生 文件 文化 武汉 习惯 相关 向您 项目 欧洲 宣传 严格 易货 印刷 应收 游客
于都 余额 元整 乐器 云南 张数 支持 支付 支行 钟表 周期 周末 周到 祝您 祝好 祝商 庄园 卓越 资料 左右 查收 查看
查询 常用 车间 车辆 成功 承诺 程序 单位 单号 党委 邓州 代表 代理 代码 付款 富裕 高度 高端 个人 贡献 顾问 顾客
关于 关注 管理 管道 广告 国家 何时 贺卡 红包 洪水 后续 后天 黄山 惠州 季度 家电 家具 简单 简历 江北 解决 解释
金华 经验 景区 井盖 康复 孔径 蓝色 劳务 乐意 雷达 冷却 黎明 利用 连云港 廉价 龙岩 龙门 鲁东 路由 满意 毛重 毛利
贸易 梅花 米白 明白 明细 莫非 牧业 宁夏 农业 农机 欧元 批发 平方 平均 平时 祁门 强度 乔迁 秦皇岛 青岛 曲线 全新
容量 容器 荣幸 商品 尚未 石油 时效 舒适 双休 水泵 水果 松江 塔吊 泰州 汤圆 唐山 特价 滕州 田间 通用 童装 屠宰
万能 汪洋 危险 温度 文具 乌鲁木齐 武清 西安 夏天 先生 相同 相片 向上 项链 小姐 辛苦 新品 徐州 许可 许昌 宣城
薛城 颜色 严重 燕郊 阳江 杨浦 姚江 叶片 易损 阴天 银行 应付 英文 永康 尤其 游戏 于今 余姚 鱼饲料 玉林 育苗 元件
袁州 越南 岳阳 云浮 查无 詹店 张家港 章程 漳州 招商 浙江 郑州 政府 支架 中国 钟点 重庆 舟山 周边 周转 朱红 诸城
诸暨 祝福 祝愿 专业 庄河 卓尔 宗旨 邹平 祖国 左侧 顺祝 敬礼 此致 电话 手机 传真 地址 邮箱 采购 销售 财务 会计
出纳 白云 白天 白色 包装 包括 边框 别墅 步骤 柴油 常务 陈列 成品 充值 都是 都有 段落 方向 房产 房东 丰富 封面
符合 甘肃 高速 高压 古镇 谷物 海外 合作 后面 华侨 怀化 黄金 吉林 纪念 家里 江山 金山 金沙 井下 康养 空调 蓝天
郎溪 老板 乐清 冷冻 利川 梁山 林业 凌晨 柳州 隆重 陆续 鹿城 马路 马鞍山 满足 茅台 明确 那边 南海 宁静 平安 平板
平湖 浦东 浦口 齐全 强调 全体 任务 容易 沙特 山东 山西 商量 申请 盛大 施工 石家庄 时代 束缚 双层 水产 水泥 司法
松山 宋庄 苏北 宿州 孙村 台湾 谈判 唐朝 陶瓷 田园 通风 同号 铜陵 万方 王府 危化品 韦德 温馨 文本 文明 闻名 武昌
喜欢 相互 向前 萧山 谢意 许多 宣布 雪花 严禁 扬州 业务 宜昌 易碎 印象 应急 英国 游泳 于洪 余下 鱼塘 宇宙 元旦
月底 云端 张贴 章节 支出 终端 钟楼 周围 祝贺 卓资 宗教 总机 总部 邮编 微信 网址 税号 账号 开户 行业 注册 联系
名称 职务 部门 单位 备注 附件 图片 发货 收货 订单 合同 报价 机械 产品 设备 技术 服务 客户 供应 配件 厂家 工厂
生产 车床 机床
"""
NO_NAMES = frozenset(_NO_NAMES_TEXT.split())

_POSTS_TEXT = """
执行董事 独立董事 常务副总经理 副总经理 执行总经理 总经理助理 总经理 副董事长 董事长助理 董事长秘书 董事长 董事
监事 执行总裁 副总裁 总裁助理 总裁 合伙人 创始人 联合创始人 首席执行官 首席技术官 首席财务官 首席运营官 首席代表
总工程师 副总工程师 高级工程师 助理工程师 主任工程师 工程师 总设计师 设计师 架构师 区域经理 大区经理 大客户经理
高级客户经理 客户经理 高级项目经理 项目经理 产品经理 采购经理 采购总监 采购主管 采购专员 采购员 采购工程师
采购助理 采购部长 采购部经理 采购 销售总监 销售副总监 销售经理 销售主管 销售代表 销售工程师 销售助理 销售员 销售
区域销售经理 业务经理 业务主管 业务员 业务代表 业务 外贸经理 外贸业务员 外贸主管 外贸专员 市场总监 市场经理
市场专员 市场主管 营销总监 营销经理 技术总监 技术经理 技术员 技术支持 技术主管 技术部长 研发总监 研发经理
研发主管 研发工程师 生产经理 生产主管 生产总监 生产厂长 品质经理 品质主管 品控经理 质量经理 质量总监 质检员
质检主管 仓库主管 仓库管理员 物流经理 物流主管 人事经理 人事主管 人事专员 人力资源总监 人力资源经理 行政经理
行政主管 行政专员 行政总监 行政助理 财务总监 财务经理 财务主管 财务部长 财务 会计主管 主办会计 会计 出纳
审计经理 客服经理 客服主管 客服专员 客服 运营总监 运营经理 运营主管 设备经理 设备科长 设备主管 设备工程师
设备科科长 售后经理 售后主管 售后工程师 总监助理 副总监 总监 常务副总 副总 部长助理 副部长 部长 副经理 经理助理
经理 副主任 主任 办公室主任 车间主任 副厂长 厂长助理 厂长 副科长 科长 副处长 处长 副局长 局长 副院长 院长 副所长
所长 副校长 校长 站长 店长 组长 班长 队长 行长 副行长 支行行长 社长 会长 理事长 秘书长 主管 专员 助理 秘书 顾问
高级顾问 法律顾问 律师 医生 主任医师 药师 护士长 教授 副教授 讲师 博士生导师 研究员 副研究员 老师 导购 代表 法人
老板 老板娘 负责人 协理 副理 襄理 课长 专家 翻译 跟单 跟单员 文员 前台 司机 调度 调度员 调度长 技师 师傅 主席
副主席 主编 编辑 记者 培训师 讲师 分析师 策划 美工 程序员 CEO CTO CFO COO CIO CMO VP GM
"""
POSTS = frozenset(_POSTS_TEXT.split())

# Words of which an English post is made; one of the first sort is needed.
_POST_HEADS_TEXT = """
manager director engineer president chairman chairwoman ceo cfo cto coo cio cmo vp evp svp buyer purchaser
officer head executive assistant consultant specialist supervisor coordinator founder co-founder cofounder
partner owner accountant analyst lead representative rep secretary technician designer architect developer
administrator planner controller buyer agent principal professor lecturer researcher scientist attorney lawyer
counsel merchandiser treasurer foreman superintendent geschäftsführer geschäftsführerin leiter leiterin
einkäufer einkäuferin einkauf vertrieb vertriebsleiter prokurist gérant directeur directrice responsable
gerente jefe direttore responsabile freelancer acheteur acheteuse comprador compradora comprador(a)
"""
_POST_MORE_TEXT = """
senior junior general deputy vice assistant associate sales marketing purchasing procurement sourcing export
import regional area account accounts key product project program operations operating production quality
technical research development finance financial human resources hr it information technology technologies
supply chain logistics customer service services support business managing chief of and & the for to global
international national asia china apac emea europe plant factory workshop warehouse process design r&d
engineering executive legal commercial overseas foreign trade field application applications mechanical
electrical software hardware maintenance office administrative board division group team marketing
communications strategic planning qa qc digital corporate investment relations public safety store branch
country ppc materials material planning category strategic tooling - / freelance independent pacific americas north
south compras achats ventas vendas einkauf vertrieb de des du der für und y e commodity indirect direct electronics
machinery metals packaging assurance control safety energy industrial
"""
_FUNCTIONS_TEXT = """
sales marketing purchasing procurement sourcing logistics finance accounting operations engineering production
maintenance compras achats einkauf vertrieb resources technology supply quality research
"""
FUNCTIONS = frozenset(_FUNCTIONS_TEXT.split())
POST_WORDS = (frozenset(_POST_HEADS_TEXT.split()), frozenset(_POST_MORE_TEXT.split()))

_DEPARTMENTS_TEXT = """
采购 销售 市场 市场营销 营销 技术 财务 人事 行政 人力资源 研发 生产 品质 质量 品管 品控 质检 工程 设备 物流 仓储
外贸 内贸 国际贸易 国际业务 业务 客服 客户服务 售后 售后服务 运营 法务 审计 信息 网络 电商 电子商务 企划 策划
设计 项目 海外 国内 计划 供应链 供应 餐饮 客房 工艺 模具 储运 商务 投资 战略 培训 公关 综合 后勤 安全 办公
总经理办公 综合管理 资材 管理 开发 营业 进出口 生活电器 海外事业 华东 华南 华北 华中 西南 西北 东北 机电 动力
质保 检测 测试 实验 公共关系 大客户 渠道 品牌 总务 基建 维修
"""
DEPARTMENTS = frozenset(_DEPARTMENTS_TEXT.split())
