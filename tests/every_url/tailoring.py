"""Fields of one's own and saved views."""

from every_url.rules import (
    FIELDS,
    REACHED,
    SEE_CUSTOMERS,
    VIEW_MANAGE,
    VIEW_SAVE,
    VIEW_SHARE,
    Call,
    Rule,
    api_field_new,
    field_new,
    fresh_name,
    get,
    post,
    view_named,
)

TAILORING: dict[str, Rule] = {
    # Fields of one's own
    "own_fields": Rule(get(FIELDS)),
    "own_fields_of": Rule(get(FIELDS), arguments={"key": "customers"}),
    "own_field_new": Rule(get(FIELDS) | post(FIELDS, data=field_new), arguments={"key": "customers"}),
    "own_field_preview": Rule(post(FIELDS, data=field_new), arguments={"key": "customers"}),
    "own_field_order": Rule(post(FIELDS), arguments={"key": "customers"}),
    "own_layout": Rule(get(FIELDS) | post(FIELDS, answers=REACHED), arguments={"key": "customers"}),
    "own_layout_reset": Rule(post(FIELDS), arguments={"key": "customers"}),
    "own_field": Rule(get(FIELDS) | post(FIELDS, data=field_new), target="own_field"),
    "own_field_state": Rule(post(FIELDS, data={"state": "hidden"}), target="own_field"),
    "own_field_delete": Rule(post(FIELDS), target="own_field"),
    "api:own_fields_list": Rule(get(FIELDS) | post(FIELDS, data=api_field_new)),
    "api:own_fields_read": Rule(
        {"GET": Call((FIELDS,)), "PATCH": Call((FIELDS,), {"help": "x"}), "DELETE": Call((FIELDS,))},
        target="api_own_field",
    ),
    "api:own_fields_uses": Rule(get(FIELDS), target="api_own_field"),
    "api:own_fields_state": Rule(post(FIELDS, data={"state": "hidden"}), target="api_own_field"),
    "api:own_field_order_list": Rule(post(FIELDS, data={"resource": "customers", "order": []})),
    "api:layouts_list": Rule(get(FIELDS) | post(FIELDS, data={"resource": "customers"})),
    "api:layouts_read": Rule({"DELETE": Call((FIELDS,))}, target="api_layout"),
    # Saved views
    "views": Rule(get(SEE_CUSTOMERS) | post(SEE_CUSTOMERS), arguments={"key": "customers"}),
    "view_new": Rule(get(VIEW_SAVE, data={"resource": "customers"}) | post(VIEW_SAVE, data=view_named)),
    "view_people": Rule(get(VIEW_SHARE)),
    "view": Rule(get() | post(VIEW_SAVE, data=fresh_name), target="view"),
    "view_save": Rule(post(VIEW_SAVE), target="view"),
    "view_delete": Rule(post(VIEW_SAVE), target="view"),
    "view_take": Rule(post(VIEW_MANAGE), target="shared_view"),
    "api:views_list": Rule(get() | post(VIEW_SAVE, data=view_named)),
    "api:views_read": Rule(
        {"GET": Call(), "PATCH": Call((VIEW_SAVE,), fresh_name), "DELETE": Call((VIEW_SAVE,))},
        target="api_view",
    ),
    # Somebody else's view is changed by whoever manages views alone.
    "api:views_share": Rule(post(VIEW_SHARE, VIEW_MANAGE, data={"everyone": True}), target="api_shared_view"),
    "api:views_take": Rule(post(VIEW_MANAGE), target="api_shared_view"),
    "api:views_start": Rule(post(VIEW_MANAGE, data={"roles": []}), target="api_shared_view"),
    "api:view_choices_list": Rule(get() | post(VIEW_SAVE, data={"resource": "customers", "start": "all"})),
}
