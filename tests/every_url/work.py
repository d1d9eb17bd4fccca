"""The day's work, what stands around a record, what was done and is to be done."""

from every_url.rules import (
    COMMENT,
    EDIT_ACTIVITIES,
    LOG_ACTIVITIES,
    OF_CUSTOMERS,
    SEE_ACTIVITIES,
    SEE_CUSTOMERS,
    TAG,
    TAGS,
    Rule,
    edit,
    fresh_name,
    get,
    post,
    public,
)
from every_url.targets import deletes_comment, wrote

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
    "today": Rule(get(SEE_ACTIVITIES)),
    "calendar": Rule(get(SEE_ACTIVITIES)),
    "calendar_feed": Rule(get() | post()),
    "calendar_feed_end": Rule(post()),
    "calendar_file": public(answers=(404,)),
    "api:timeline_list": Rule(
        get(SEE_ACTIVITIES, answers=frozenset((422,)))
        | post(LOG_ACTIVITIES, data={"kind": "note", "text": "x"})
    ),
    "api:timeline_complete": Rule(post(EDIT_ACTIVITIES, data={"outcome": "answered"}), target="api_planned"),
    "api:timeline_postpone": Rule(post(EDIT_ACTIVITIES, data={"days": 1}), target="api_planned"),
    "api:timeline_participants": Rule(post(EDIT_ACTIVITIES, data={}), target="api_planned"),
    "activity_tick": Rule(get(EDIT_ACTIVITIES) | post(EDIT_ACTIVITIES, data={"text": "x"}), target="planned"),
    "activity_postpone": Rule(post(EDIT_ACTIVITIES, data={"days": "1"}), target="planned"),
}
