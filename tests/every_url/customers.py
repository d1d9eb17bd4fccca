"""Customers and their people: duplicates, relationships, pasted texts, the registry, personal data."""

from every_url.rules import (
    ASKS,
    COMPANY,
    EDIT_CUSTOMERS,
    NOBODY,
    NOT_THERE,
    PASTES,
    PRIVACY,
    REACHED,
    REGISTRY,
    SEE_CUSTOMERS,
    SEE_PEOPLE,
    Call,
    Rule,
    get,
    post,
)
from every_url.targets import scans

CUSTOMERS: dict[str, Rule] = {
    # What is there twice. To decide of a pair is for who may change one of the two: others do not find it.
    "taken": Rule(get(PASTES[0]) | post(PASTES[0], data={"text": "第一机械"})),
    "taken_ask": Rule(post(data={"ask": "x"}, answers=NOT_THERE)),
    "api:duplicates_request": Rule(post(data={"ask": "x"}, answers=NOT_THERE)),
    "pairs": Rule(get("customers.customer.view")),
    "pairs_look": Rule(post("customers.customer.merge", data={"of": "customers"}, may=scans)),
    "pair": Rule(get(), target="pair"),
    "pair_answer": Rule(post(data={"answer": "different"}), target="pair"),
    "api:duplicates_check": Rule(post(PASTES[0], data={"text": "第一机械"})),
    "api:duplicates_list": Rule(get("customers.customer.view")),
    "api:duplicates_read": Rule(get(), target="pair"),
    "api:duplicates_answer": Rule(post(data={"answer": "different"}), target="pair"),
    "api:duplicates_ask": Rule(post(), target="pair"),
    "api:duplicates_look": Rule(
        post("customers.customer.merge", data={}, answers=frozenset((202,)), may=scans)
    ),
    "api:merges_list": Rule(
        post("customers.customer.merge", data={"ids": []}, answers=frozenset((409, 422)))
    ),
    # Relationships and the graph
    "ties": Rule(get(SEE_CUSTOMERS), target="customers", arguments={"key": "customers"}),
    "ties_around": Rule(get(SEE_CUSTOMERS), target="customers", arguments={"key": "customers"}),
    "tie_new": Rule(
        get(SEE_CUSTOMERS, "customers.customer.edit")
        | post(SEE_CUSTOMERS, "customers.customer.edit", data={"how": "competes:first"}, answers=REACHED),
        target="customers",
        arguments={"key": "customers"},
    ),
    "api:customers_ties": Rule(get(SEE_CUSTOMERS), target="customers"),
    "api:people_ties": Rule(get(SEE_CUSTOMERS), target="people"),
    "api:customers_completeness": Rule(get(SEE_CUSTOMERS), target="customers"),
    "api:people_completeness": Rule(get(SEE_PEOPLE), target="people"),
    # Pools
    "pool_settings": Rule(
        get("customers.pool.view", "customers.pool.edit")
        | post("customers.pool.view", "customers.pool.edit", data={"do": "keep", "activity-all": "30"}),
        target="pools",
    ),
    "pool_who": Rule(get("customers.pool.view", "customers.pool.edit"), target="pools"),
    "api:pools_members": Rule(
        get("customers.pool.view")
        | post("customers.pool.view", "customers.pool.edit", data={"member": NOBODY}, answers=NOT_THERE),
        target="pools",
    ),
    "api:pools_memberships": Rule(
        {"DELETE": Call(("customers.pool.edit",), answers=NOT_THERE)}, target="pools"
    ),
    "api:pools_rules": Rule(
        get("customers.pool.view", "customers.pool.edit")
        | post(
            "customers.pool.view", "customers.pool.edit", data={"rules": [{"clock": "activity", "days": 30}]}
        ),
        target="pools",
    ),
    # A pasted text
    "paste": Rule(get(*PASTES) | post(*PASTES, data={"pasted": "王建国 13800138000"})),
    "paste_beside": Rule(post(*PASTES, data={"c-name": "甲"})),
    "api:readings_records": Rule(
        post(
            PASTES[0],
            data={"customer": [{"field": "name", "value": "甲乙丙"}]},
            answers=frozenset((201, 409)),
        )
    ),
    "api:readings_list": Rule(post(PASTES[0], data={"text": "王建国 13800138000"})),
    # The company registry: here none is set up, and no question leaves the house.
    "registry_account": Rule(get(REGISTRY) | post(REGISTRY, data={"url": ""})),
    "registry_calls": Rule(get(REGISTRY)),
    "registry_retry": Rule(post(REGISTRY, answers=NOT_THERE), arguments={"call_id": NOBODY}),
    "customer_registry_new": Rule(
        post("customers.customer.create", ASKS, data={"asked": "甲"}, answers=frozenset((409,)))
    ),
    "customer_registry": Rule(
        get(SEE_CUSTOMERS, EDIT_CUSTOMERS, ASKS)
        | post(SEE_CUSTOMERS, EDIT_CUSTOMERS, ASKS, data={"asked": "甲"}, answers=frozenset((409,))),
        target="customers",
    ),
    "api:registry_settings_read": Rule({"GET": Call((REGISTRY,)), "PATCH": Call((REGISTRY,), {"url": ""})}),
    "api:registry_settings_test": Rule(post(REGISTRY, data={}, answers=frozenset((422,)))),
    "api:registry_search": Rule(post(ASKS, data={"name": "甲"}, answers=frozenset((409,)))),
    "api:registry_fetch": Rule(post(ASKS, data={"credit_code": "x"}, answers=frozenset((409,)))),
    "api:registry_calls": Rule(get(REGISTRY)),
    # A person's data as a whole
    "lead_personal_data": Rule(
        get(PRIVACY, "marketing.lead.view", "marketing.lead.edit")
        | post(PRIVACY, "marketing.lead.view", "marketing.lead.edit", "customers.person.create", SEE_PEOPLE),
        target="leads",
    ),
    "personal_data": Rule(
        get(PRIVACY, SEE_PEOPLE) | post(PRIVACY, SEE_PEOPLE, data={"act": "show", "ground": "request"}),
        target="people",
    ),
    "api:personal-data_answer": Rule(post(PRIVACY, SEE_PEOPLE, data={"ground": "request"}), target="people"),
    "api:personal-data_erase": Rule(
        post(
            PRIVACY,
            SEE_PEOPLE,
            "ledger.operation.erase",
            data={"ground": "request", "confirm": "x"},
            answers=REACHED,
        ),
        target="people",
    ),
    "personal_data_file": Rule(get(PRIVACY, answers=NOT_THERE), arguments={"job_id": NOBODY}),
    "api:personal-data_export": Rule(
        post(PRIVACY, SEE_PEOPLE, data={"ground": "request"}, answers=frozenset((202,))), target="people"
    ),
    "api:personal-data_archive": Rule(get(PRIVACY, answers=NOT_THERE), arguments={"id": NOBODY}),
    "reveal": Rule(post(SEE_PEOPLE), target="people", arguments={"resource": "people", "field": "phone"}),
    "data_security": Rule(
        get(COMPANY) | post(COMPANY, data={"veiled": "0", "a_day": "100", "alert_at": "50"})
    ),
    "api:personal-data_reveal": Rule(
        post(SEE_PEOPLE, data={"resource": "people", "field": "phone"}), target="people"
    ),
}
