"""What spreadsheets and other programs call the fields and stages of sales."""

# Chinese in code: heads and words of spreadsheets

from guanxi.kernel.text import fold

HEADS: dict[str, tuple[str, ...]] = {
    "name": (
        "商机", "商机名称", "机会名称", "销售机会", "销售机会名称", "项目名称", "opportunity", "opportunity name",
        "deal",
        "deal name", "dealname", "property_dealname", "potential name", "subject",
    ),
    "external_number": (
        "商机编号", "商机id", "机会编号", "opportunity_id", "opportunity id", "id", "deal id", "deal_id", "record id",
        "potential id",
    ),
    "customer": (
        "客户名称", "客户", "公司", "公司名称", "account", "account name", "accountname", "account id",
        "account_id", "accountid",
        "associated company",
        "company", "partner_id", "partner", "organization",
    ),
    "person": (
        "联系人", "主要联系人", "客户联系人", "contact", "contact name", "primary contact", "associated contact",
    ),
    "owner": (
        "负责人", "商机负责人", "销售", "销售代表", "跟进人", "owner", "opportunity owner", "deal owner",
        "potential owner",
        "sales_agent", "sales agent", "salesperson", "user_id", "hubspot_owner_id",
    ),
    "pipeline": ("销售流程", "销售流程名称", "pipeline", "sales pipeline", "team", "team_id"),
    "stage": (
        "商机阶段", "销售阶段", "阶段", "stage", "stagename", "stage name", "dealstage", "deal stage", "deal_stage",
        "property_dealstage", "sales stage", "stage_id",
    ),
    "amount": (
        "商机金额", "金额", "预计金额", "预计成交金额", "销售金额", "预计销售金额", "amount", "deal amount",
        "close_value",
        "close value", "expected revenue", "expected_revenue", "property_amount", "value", "planned revenue",
    ),
    "currency": ("币种", "货币", "currency", "currencyisocode", "deal currency code"),
    "probability": ("赢率", "成交概率", "可能性", "probability", "probability (%)", "win probability"),
    "category": ("预测类别", "预测分类", "forecast category", "forecastcategoryname", "forecast"),
    "opened_on": (
        "创建日期", "商机创建时间", "开始日期", "engage_date", "engage date", "opened", "open date", "start date",
    ),
    "stage_since": (
        "阶段更新时间", "阶段变更时间", "进入阶段时间", "last stage change date", "laststagechangedate", "stage since",
        "hs_date_entered_current_stage", "date_last_stage_update",
    ),
    "expected_on": (
        "预计成交日期", "预计成交时间", "预计签单日期", "预计结单日期", "预计关闭日期", "expected", "closedate",
        "expected close date",
        "expected closing", "date_deadline", "closing date",
    ),
    "closed_on": (
        "成交日期", "结单日期", "实际成交日期", "关闭日期", "close_date", "close date", "closed date",
        "actual close date",
        "date_closed", "property_closedate",
    ),
    "source": ("来源", "商机来源", "lead source", "leadsource", "source", "source_id"),
    "lost_reason": (
        "输单原因", "丢单原因", "失败原因", "lost reason", "closed lost reason", "loss reason", "lost_reason_id",
    ),
    "lost_to": ("竞争对手", "输给", "主要竞争对手", "competitor", "main competitor", "lost to"),
    "lost_remark": ("输单备注", "输单说明", "loss description", "lost remark"),
    "remarks": ("备注", "商机描述", "描述", "description", "notes", "remarks"),
}  # fmt: skip

# Words for the same step of a sale, each group under what the default pipeline calls it.
_STAGES = (
    (
        "初步接触", "contacted", "contact made", "prospecting", "new", "qualification", "初步沟通", "验证客户",
        "线索", "接洽",
    ),
    (
        "需求确认", "need confirmed", "engaging", "qualified", "needs analysis", "qualified to buy", "discovery",
        "需求分析", "需求沟通",
    ),
    (
        "方案", "proposal", "proposition", "proposal/price quote", "value proposition", "presentation scheduled",
        "方案报价", "方案阶段", "解决方案",
    ),
    (
        "报价谈判", "quote and negotiation", "negotiation", "negotiation/review", "decision maker bought-in", "谈判",
        "商务谈判", "谈判审核",
    ),
    ("商务签约", "closing", "contract sent", "contracting", "签约", "合同签订", "合同"),
    ("赢单", "won", "closed won", "closedwon", "成交", "已成交", "赢", "签单", "win"),
    ("输单", "lost", "closed lost", "closedlost", "丢单", "失败", "输", "已流失", "closed lost to competition"),
)  # fmt: skip
_GROUP = {fold(word): number for number, words in enumerate(_STAGES) for word in words}


def same_stage(text: str, name: str) -> bool:
    """Whether a cell means a stage of this name, in the words of other programs and of both languages."""
    group = _GROUP.get(fold(text))
    return group is not None and group == _GROUP.get(fold(name))
