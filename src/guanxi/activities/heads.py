"""What spreadsheets and other programs call the fields of activities, and the words of their lists."""

# Chinese in code: heads and words of spreadsheets

HEADS = {
    "subject": ("主题", "标题", "title", "summary", "task subject", "hs_call_title", "hs_task_subject", "issue"),
    "kind": (
        "类型", "跟进方式", "跟进类型", "活动类型", "拜访类型", "沟通方式", "type", "channel", "activity type",
        "task type",
        "task_subtype", "event_subtype", "engagement type", "property_hs_task_type",
    ),
    "state": ("状态", "完成状态", "status", "task status"),
    "at": (
        "时间", "日期", "跟进时间", "跟进日期", "拜访时间", "拜访日期", "沟通时间", "活动时间", "date", "time",
        "start", "due",
        "activity date", "activity_date_time", "start date time", "start date", "start time", "due date",
        "date received",
        "property_hs_timestamp", "hs_timestamp", "call start time", "date & time start", "event start", "occurred at",
    ),
    "minutes": ("分钟", "时长（分钟）", "通话时长（分钟）", "duration (minutes)", "duration in minutes",
        "duration_minutes"),
    "customer": (
        "客户", "客户名称", "公司", "公司名称", "company", "account", "company name", "account name", "organization",
        "company / account",
    ),
    "text": (
        "内容", "跟进内容", "跟进记录", "沟通记录", "拜访记录", "沟通内容", "拜访内容", "备注", "notes", "note",
        "description",
        "body", "comments", "full comments", "hs_note_body", "hs_call_body", "property_hs_note_body", "call notes",
        "consumer complaint narrative",
    ),
    "outcome": ("结果", "跟进结果", "通话结果", "result", "call result", "call disposition"),
    "number": (
        "编号", "单号", "记录编号", "记录id", "跟进id", "活动id", "活动编号", "activity id", "task id",
        "event id", "engagement_id", "complaint id",
        "ticket id", "case number", "id",
    ),
    "owner": (
        "跟进人", "负责人", "销售", "业务员", "拜访人", "owner", "assigned to", "activity assigned to", "agent",
        "assignee",
    ),
}  # fmt: skip
SECONDS = (
    "通话时长（秒）", "通话秒数", "call duration (seconds)", "call duration in seconds", "duration (seconds)",
    "duration_seconds", "call duration seconds",
)  # fmt: skip
ENDS = (
    "结束时间", "end", "end time", "end date time", "event end", "date & time end",
    "property_hs_meeting_end_time", "hs_meeting_end_time", "meeting end time", "call end time",
)  # fmt: skip
LASTED = ("通话时长", "时长", "call duration")
KINDS = {
    "call": ("通话", "打电话", "去电", "来电", "电话拜访", "电话沟通", "phone", "phone call", "telephone",
        "cold call",
             "outbound call", "inbound call", "calls"),
    "visit": ("上门", "上门拜访", "走访", "拜访客户", "客户拜访", "on-site visit", "site visit", "customer visit"),
    "meeting": ("会谈", "会面", "线上会议", "视频会议", "event", "demo", "appointment", "conference call"),
    "task": ("待办", "to-do", "todo", "follow up task", "tasks"),
    "note": ("备忘", "记录", "comment", "notes"),
    "email": ("电子邮件", "电邮", "发邮件", "e-mail", "email", "mail", "emails"),
}  # fmt: skip
STATES = {
    "done": ("完成", "已完结", "completed", "complete", "closed", "held", "finished"),
    "planned": ("未完成", "未开始", "进行中", "计划中", "待办", "not started", "in progress", "open", "scheduled",
        "waiting",
                "waiting on someone else", "deferred", "pending", "to do"),
    "cancelled": ("取消", "已作废", "canceled", "not held"),
}  # fmt: skip
OUTCOMES = {
    "answered": ("接通", "电话接通", "connected", "success", "successful"),
    "not_answered": ("未接", "未接通", "无人接听", "没接", "占线", "no answer", "busy", "left voicemail",
        "left message"),
    "call_back": ("稍后再打", "稍后联系", "call back", "call back later"),
    "wrong_number": ("空号", "号码错误", "错号"),
    "met": ("已见", "见面"),
    "not_met": ("未见", "没见到", "no show"),
}  # fmt: skip
PROMISES = {
    "what": ("承诺", "承诺内容", "承诺事项", "内容", "事项", "commitment", "promise", "what"),
    "side": ("承诺方", "谁承诺", "方向", "promised by", "side"),
    "customer": ("客户", "客户名称", "公司", "公司名称", "customer", "company", "account"),
    "person": ("联系人", "客户联系人", "对方", "contact", "person"),
    "owner": ("负责人", "责任人", "我方负责人", "跟进人", "owner", "responsible"),
    "due": ("到期", "到期日", "截止日期", "承诺日期", "完成日期", "due", "due date", "deadline"),
    "state": ("状态", "兑现情况", "是否兑现", "state", "status"),
}  # fmt: skip
SIDES = {
    "ours": ("我方", "我们", "我方承诺", "ours", "us", "we"),
    "theirs": ("对方", "客户", "客户承诺", "theirs", "customer", "they"),
}
PROMISED = {
    "open": ("未兑现", "进行中", "待兑现", "未完成", "pending", "not started", "in progress"),
    "kept": ("兑现", "已完成", "完成", "done", "fulfilled", "completed"),
    "broken": ("失信", "未履行", "违约", "missed", "failed"),
    "withdrawn": ("取消", "已取消", "撤销", "cancelled", "canceled"),
}  # fmt: skip
