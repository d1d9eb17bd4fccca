"""What spreadsheets and other programs call the fields of leads."""

# Chinese in code: heads and words of spreadsheets

LEAD_HEADS = {
    "name": (
        "公司", "公司名称", "企业名称", "单位", "单位名称", "客户名称", "线索名称", "线索", "company", "company name",
        "account name", "organization", "lead name", "opportunity", "partner name",
    ),
    "person": (
        "联系人", "联系人姓名", "姓名", "线索联系人", "full name", "contact name", "contact", "last name", "first name",
    ),
    "post": ("职务", "职位", "岗位", "title", "job title", "job position"),
    "phone": (
        "手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "mobile", "mobile phone", "mobile phone number",
        "phone number", "tel",
    ),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail", "email address", "email from"),
    "wechat": ("微信", "微信号", "wechat id"),
    "region": ("地区", "省市", "所在地", "城市", "省份", "state/province", "state", "city", "province", "country"),
    "industry": ("行业", "所属行业", "industry type"),
    "line": ("产品线", "意向产品", "感兴趣的产品", "product interest", "product line"),
    "need": (
        "需求", "需求描述", "咨询内容", "留言", "询盘内容", "意向", "requirement", "requirements", "message", "enquiry",
        "inquiry", "internal notes",
    ),
    "budget": ("预算", "预算金额", "expected revenue"),
    "decider": ("决策人", "决策者", "decision maker"),
    "timing": ("采购时间", "预计采购时间", "时间", "timeline", "timeframe"),
    "source": ("线索来源", "来源", "来源渠道", "渠道", "lead source", "original source", "source", "medium"),
    "source_detail": ("来源说明", "活动", "展会名称", "campaign", "source detail", "original source drill-down 1"),
    "owner": (
        "负责人", "跟进人", "业务员", "销售", "线索负责人", "lead owner", "contact owner", "salesperson",
        "owner",
    ),
    "pool": ("线索池", "公海", "所属线索池", "queue"),
    "number": ("线索编号", "编号", "lead id", "record id", "external id", "id"),
    "remarks": ("备注", "说明", "描述", "description", "notes", "note", "comments"),
}  # fmt: skip
SOURCES = {
    "exhibition": ("展会", "展览", "trade show", "event", "fair", "conference"),
    "referral": ("转介绍", "介绍", "referral", "employee referral", "partner referral", "word of mouth"),
    "search": ("搜索", "百度", "organic search", "paid search", "google adwords"),
    "advertisement": ("广告", "advertisement", "ads", "paid social"),
    "web_enquiry": ("网站", "官网", "网络询盘", "询盘", "1688", "web", "website", "web form", "web download"),
    "phone": ("来电", "400电话", "phone inquiry", "phone enquiry"),
    "email": ("邮件", "email marketing"),
    "cold_call": ("陌生拜访", "电话营销", "cold call"),
    "walk_in": ("到访", "walk-in"),
    "distributor": ("经销商", "代理商", "partner"),
    "old_customer": ("老客户", "existing customer"),
}  # fmt: skip
