"""The day's work, what stands around a record, what was done and is to be done."""

from every_url.rules import (
    COMMENT,
    COMPANY,
    DUTIES,
    EDIT_ACTIVITIES,
    EDIT_PROMISES,
    EDIT_SALES,
    HAND_OVER,
    LOG_ACTIVITIES,
    MOVE_SALES,
    NOBODY,
    OF_CUSTOMERS,
    PIPELINES,
    PROMISE,
    REACHED,
    REPORT,
    SEE_ACTIVITIES,
    SEE_CUSTOMERS,
    SEE_REPORTS,
    TAG,
    TAGS,
    Rule,
    edit,
    fresh_name,
    get,
    post,
    public,
)
from every_url.targets import deletes_comment, with_own_eyes, wrote

WORK: dict[str, Rule] = {
    # The day's work
    "home": Rule(get() | post()),
    "search": Rule(get(data={"q": "有限"})),
    "jobs": Rule(get()),
    "jobs_running": Rule(get()),
    "jobs_admin": Rule(get("jobs.job.manage")),
    "job": Rule(get(), target="job"),
    "job_progress": Rule(get(), target="job"),
    "job_stop": Rule(post(), target="job"),
    "job_restart": Rule(post(), target="failed_job"),
    "notices": Rule(get()),
    "offline_hello": Rule(get()),
    # What somebody may read stays off the device of whoever looks through that one's eyes.
    "offline_customers": Rule(get(SEE_CUSTOMERS, may=with_own_eyes)),
    "notices_latest": Rule(get()),
    "notices_read": Rule(post()),
    "notice_open": Rule(post(), target="notice"),
    # Around a record
    "comments": Rule(
        get(SEE_CUSTOMERS) | post(SEE_CUSTOMERS, COMMENT, data={"text": "x"}),
        target="customers",
        arguments=OF_CUSTOMERS,
    ),
    "comment_people": Rule(get(SEE_CUSTOMERS), target="customers", arguments=OF_CUSTOMERS),
    # A comment is its author's to change, and the administrators' to delete.
    "comment": Rule(get() | post(COMMENT, data={"text": "y"}, may=wrote), target="comment"),
    "comment_delete": Rule(post(may=deletes_comment), target="comment"),
    "follow": Rule(
        post("collaboration.record.follow", data={"on": "1"}), target="customers", arguments=OF_CUSTOMERS
    ),
    "following": Rule(get()),
    "following_settings": Rule(post("collaboration.record.follow", data={"telling": "digest"})),
    "record_tags": Rule(get(TAG) | post(TAG), target="customers", arguments=OF_CUSTOMERS),
    "tag_options": Rule(get()),
    "tags": Rule(get(TAGS) | post(TAGS, data=fresh_name)),
    "tag": Rule(get(TAGS) | post(TAGS, data=edit), target="tag"),
    "tag_merge": Rule(post(TAGS), target="tag"),
    "tag_delete": Rule(post(TAGS), target="tag"),
    # What was done and what is to be done
    "brief": Rule(get(SEE_CUSTOMERS), target="customers", arguments=OF_CUSTOMERS),
    "timeline": Rule(
        get(SEE_CUSTOMERS, SEE_ACTIVITIES) | post(SEE_CUSTOMERS, LOG_ACTIVITIES, data={"text": "x"}),
        target="customers",
        arguments=OF_CUSTOMERS,
    ),
    "timeline_people": Rule(get(SEE_CUSTOMERS, SEE_ACTIVITIES), target="customers", arguments=OF_CUSTOMERS),
    "promises_found": Rule(
        post(SEE_CUSTOMERS, PROMISE, data={"text": "x"}), target="customers", arguments=OF_CUSTOMERS
    ),
    "commitment_keep": Rule(post(EDIT_PROMISES), target="promise"),
    "commitment_put_off": Rule(post(EDIT_PROMISES, data={"days": "1"}), target="promise"),
    "rhythm_settings": Rule(get(COMPANY) | post(COMPANY, data={"A": "7"})),
    "pipeline_settings": Rule(
        get(PIPELINES) | post(PIPELINES, data={"act": "new", "name": "Spares"}, answers=REACHED)
    ),
    "opportunity_move": Rule(get(MOVE_SALES) | post(MOVE_SALES, answers=REACHED), target="opportunities"),
    "opportunity_next": Rule(post(EDIT_SALES, LOG_ACTIVITIES), target="opportunities"),
    "opportunity_plan": Rule(post(EDIT_SALES, answers=frozenset((409,))), target="opportunities"),
    "opportunity_interview": Rule(get(EDIT_SALES) | post(EDIT_SALES), target="opportunities"),
    "registration_settings": Rule(get(COMPANY) | post(COMPANY, data={"days": "60"})),
    "today": Rule(get(SEE_ACTIVITIES)),
    "opportunity_send": Rule(
        get("sales.opportunity.view", "sales.opportunity.assign")
        | post("sales.opportunity.view", "sales.opportunity.assign", answers=REACHED),
        target="opportunities",
    ),
    "today_side": Rule(get(SEE_ACTIVITIES)),
    "plan_call": Rule(post(SEE_CUSTOMERS, LOG_ACTIVITIES), target="customers"),
    "calendar": Rule(get(SEE_ACTIVITIES)),
    "calendar_feed": Rule(get() | post()),
    "calendar_feed_end": Rule(post()),
    "calendar_file": public(answers=(404,)),
    # What somebody holds, to others
    # Reports. One of a day is sent once: who has sent his is told so.
    "report_write": Rule(get(REPORT) | post(REPORT, data={"sentence": "x"}, answers=REACHED | {409})),
    "report_people": Rule(get(REPORT)),
    "report_overview": Rule(get(SEE_REPORTS)),
    "report_duties": Rule(get(DUTIES) | post(DUTIES, data={"by": "x"}, answers=REACHED)),
    "report_duty_remove": Rule(post(DUTIES), target="duty"),
    "api:report_text_now": Rule(
        get(REPORT) | post(REPORT, data={"first": "2024-01-02"}, answers=frozenset((201, 409))),
        query="?first=2024-01-02",
    ),
    "api:report_text_read": Rule(get(SEE_REPORTS), target="reports"),
    "api:report_text_people": Rule(get(SEE_REPORTS), query="?first=2024-01-02"),
    "handovers": Rule(get()),
    "handover_of": Rule(get()),
    "handover_letter": Rule(post(HAND_OVER, data={"letter": "x"})),
    "handover": Rule(get(HAND_OVER) | post(HAND_OVER, data={"act": "show"}, answers=REACHED), target="held"),
    "handover_done": Rule(get(), target="handover"),
    "handover_accept": Rule(post(), target="share"),
    "handover_decline": Rule(post(data={"why": "x"}), target="share"),
    "api:handovers_held": Rule(get(HAND_OVER, answers=frozenset((200, 403))), query=f"?member={NOBODY}"),
    "api:handovers_list": Rule(
        post(HAND_OVER, data={"member": NOBODY, "rest": NOBODY}, answers=frozenset((404,)))
    ),
    "api:handovers_read": Rule(get(), target="api_handover"),
    "api:handovers_accept": Rule(post(), target="api_share"),
    "api:handovers_decline": Rule(post(data={"why": "x"}), target="api_share"),
    "api:timeline_list": Rule(
        get(SEE_ACTIVITIES, answers=frozenset((422,)))
        | post(LOG_ACTIVITIES, data={"kind": "note", "text": "x"})
    ),
    "api:timeline_promises": Rule(post(PROMISE, data={"text": "x"})),
    "api:timeline_complete": Rule(post(EDIT_ACTIVITIES, data={"outcome": "answered"}), target="api_planned"),
    "api:timeline_postpone": Rule(post(EDIT_ACTIVITIES, data={"days": 1}), target="api_planned"),
    "api:timeline_participants": Rule(post(EDIT_ACTIVITIES, data={}), target="api_planned"),
    # In the field
    "nearby": Rule(get(SEE_CUSTOMERS), query="?latitude=31.2&longitude=121.5"),
    "visits": Rule(get(SEE_ACTIVITIES)),
    "visits_plan": Rule(post(LOG_ACTIVITIES, data={"day": "2026-12-01"})),
    "day_order": Rule(post(EDIT_ACTIVITIES, data={"order": NOBODY})),
    "visit_customer": Rule(
        get(SEE_CUSTOMERS, LOG_ACTIVITIES) | post(SEE_CUSTOMERS, LOG_ACTIVITIES), target="customers"
    ),
    # Whoever makes the visit comes to it and leaves it; who may change it besides is told so.
    "visit": Rule(get(SEE_ACTIVITIES), target="visit"),
    "visit_in": Rule(post(EDIT_ACTIVITIES, answers=frozenset((302, 409))), target="visit"),
    "visit_out": Rule(post(EDIT_ACTIVITIES, answers=frozenset((409,))), target="visit"),
    "visit_point": Rule(post(SEE_ACTIVITIES, answers=frozenset((409,))), target="visit"),
    "api:visits_list": Rule(
        get(SEE_ACTIVITIES)
        | post(LOG_ACTIVITIES, data={"day": "2026-12-01", "customers": []}, answers=frozenset((422,)))
    ),
    "api:visits_check-in": Rule(post(data={}, answers=frozenset((422,)))),
    "api:visits_check-out": Rule(
        post(EDIT_ACTIVITIES, data={}, answers=frozenset((409,))), target="api_visit"
    ),
    "api:visits_point": Rule(post(SEE_ACTIVITIES, answers=frozenset((409,))), target="api_visit"),
    "api:visits_order": Rule(post(EDIT_ACTIVITIES, data={"day": "2026-12-01", "activities": []})),
    "api:nearby_list": Rule(get(SEE_CUSTOMERS), query="?latitude=31.2&longitude=121.5"),
    "activity_tick": Rule(get(EDIT_ACTIVITIES) | post(EDIT_ACTIVITIES, data={"text": "x"}), target="planned"),
    "activity_postpone": Rule(post(EDIT_ACTIVITIES, data={"days": "1"}), target="planned"),
}
