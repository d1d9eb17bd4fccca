"""What the database's own catalogue says of every table: the walls stand, today and after the next migration.

The catalogue is asked, not the models: a table that a migration made by hand is found too.
"""

import os
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connections

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference, tenant_field
from guanxi.foundation.tenancy.postgresql.compiler import business_tables

# Tables without a company. Each says why the wall may leave it out and what the application may do there.
CHANGES = {"SELECT", "INSERT", "UPDATE", "DELETE"}
READS = {"SELECT"}
GLOBAL: dict[str, tuple[str, set[str]]] = {
    "tenancy_tenant": ("the companies themselves: asked before one is open", CHANGES),
    "accounts_account": ("a sign-in is valid in several companies and asked before one is open", CHANGES),
    "accounts_securityevent": ("what happened to a sign-in; only added and read", {"SELECT", "INSERT"}),
    "accounts_counter": ("throttling of sign-ins, before one is known", CHANGES),
    "project_mailsettings": ("outgoing mail of the installation; its password is encrypted", CHANGES),
    "ledger_schema_change": ("the shapes of tables, the same for all; holds no company's data", READS),
    "django_migrations": ("which migrations ran; told by /ready", READS),
    "django_session": ("a session begins before a company is open; holds a random key", CHANGES),
    "django_content_type": ("names of models", CHANGES),
    "auth_permission": ("Django's own; nothing of ours reads it, rights are grants of roles", CHANGES),
    "auth_group": ("Django's own; empty", CHANGES),
    "auth_group_permissions": ("Django's own; empty", CHANGES),
    "account_emailaddress": ("allauth: addresses of a sign-in", CHANGES),
    "account_emailconfirmation": ("allauth: proofs of addresses of a sign-in", CHANGES),
    "mfa_authenticator": ("allauth: second factors of a sign-in", CHANGES),
    "usersessions_usersession": ("allauth: where a sign-in is signed in", CHANGES),
    "procrastinate_jobs": ("the queue: company and job ids, no data of either", CHANGES),
    "procrastinate_events": ("the queue's log", CHANGES),
    "procrastinate_workers": ("which workers live", CHANGES),
    "procrastinate_periodic_defers": ("which regular work was asked for", CHANGES),
}

# Bookkeeping behind the wall that is not written like an ordinary table.
TABLE_GRANTS = {"ledger_operation": {"SELECT", "INSERT"}, "ledger_change": {"SELECT"}}
COLUMN_GRANTS = {
    "ledger_operation": {("UPDATE", c) for c in ("summary", "label", "record_id", "undone_by_id")}
}


def _rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _tables() -> set[str]:
    """Every table of ours; partitions are reached through their parent only."""
    return {
        row[0]
        for row in _rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p', 'f', 'm', 'v') AND NOT relispartition"
        )
    }


def _walled() -> set[str]:
    return {
        row[0]
        for row in _rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND NOT c.relispartition AND a.attname = 'tenant_id' AND NOT a.attisdropped"
        )
    }


@pytest.fixture(autouse=True)
def _database(database: None) -> None:
    pass


def test_every_table_is_behind_the_wall_or_on_the_reviewed_list() -> None:
    assert _tables() - _walled() == set(GLOBAL)


def test_every_business_model_has_a_table_with_a_company_and_the_other_way_round() -> None:
    assert set(business_tables()) == _walled()


def test_row_security_is_forced_with_a_policy_for_each_role_and_no_other() -> None:
    switches = _rows(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = ANY(%s)",
        [*_walled()],
    )
    assert {name for name, on, forced in switches if on and forced} == _walled()
    mine = "(tenant_id = (current_setting('guanxi.tenant'::text))::uuid)"
    app, owner = os.environ["GUANXI_DB_APP"], os.environ["GUANXI_DB_OWNER"]
    found: dict[str, set[Any]] = {}
    for table, *policy in _rows(
        "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
    ):
        policy[2] = tuple(policy[2])
        found.setdefault(table, set()).add(tuple(policy))
    expected = {
        table: {
            ("company", "PERMISSIVE", (app,), "ALL", mine, None if table == "ledger_change" else mine),
            ("owner", "PERMISSIVE", (owner,), "ALL", "true", "true"),
        }
        for table in _walled()
    }
    assert found == expected


def test_the_application_may_do_what_it_needs_and_nobody_else_anything() -> None:
    owner, app = os.environ["GUANXI_DB_OWNER"], os.environ["GUANXI_DB_APP"]
    found: dict[str, set[str]] = {}
    for table, grantee, privilege, passes_on in _rows(
        "SELECT c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type, a.is_grantable "
        "FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    ):
        if grantee == owner:
            continue
        assert (grantee, passes_on) == (app, False), f"{grantee} may {privilege} {table}"
        found.setdefault(table, set()).add(privilege)
    expected = {table: TABLE_GRANTS.get(table, CHANGES) for table in _walled()}
    expected |= {table: grants for table, (_, grants) in GLOBAL.items() if grants}
    # Partitions among them would be a way round the parent's policy.
    assert found == expected


def test_grants_on_single_columns_are_the_reviewed_ones() -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for table, column, privilege in _rows(
        "SELECT c.relname, a.attname, x.privilege_type "
        "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "CROSS JOIN aclexplode(a.attacl) x WHERE c.relnamespace = 'public'::regnamespace"
    ):
        found.setdefault(table, set()).add((privilege, column))
    assert found == COLUMN_GRANTS


def test_everything_belongs_to_the_owner_role() -> None:
    owner = os.environ["GUANXI_DB_OWNER"]
    others = _rows(
        "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
        "WHERE c.relnamespace = 'public'::regnamespace AND r.rolname <> %s "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')",
        owner,
    )
    assert others == []


def test_keys_and_unique_rules_begin_with_the_company() -> None:
    uniques = _rows(
        "SELECT c.relname, i.relname, x.indisprimary, "
        "(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(x.indkey[:x.indnkeyatts - 1]) "
        "WITH ORDINALITY k(number, place) "
        "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number) "
        "FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
        "WHERE x.indisunique AND NOT c.relispartition AND c.relname = ANY(%s)",
        [*_walled()],
    )
    assert {(table, name) for table, name, _, columns in uniques if columns[0] != "tenant_id"} == set()
    assert {table for table, _, primary, _ in uniques if primary} == _walled()
    keys = {table: columns for table, _, primary, columns in uniques if primary and len(columns) == 2}
    assert {table for table in _walled() if keys.get(table) != ["tenant_id", "id"]} == {"ledger_change"}


def test_references_between_business_tables_carry_the_company() -> None:
    for name, table, target, columns, to_columns, action in _rows(
        "SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text, "
        "(SELECT array_agg(a.attname::text ORDER BY n.place) "
        " FROM unnest(k.conkey) WITH ORDINALITY n(number, place) "
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.number), "
        "(SELECT array_agg(a.attname::text ORDER BY n.place) "
        " FROM unnest(k.confkey) WITH ORDINALITY n(number, place) "
        " JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.number), k.confdeltype::text "
        "FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace"
    ):
        if target in _walled():
            assert table in _walled(), f"{name}: a table outside the wall points into it"
            assert (columns[0], to_columns) == ("tenant_id", ["tenant_id", "id"]), name
        if table in _walled():
            assert action == "a", (
                f"{name}: what goes with a row is Django's to say, so that the ledger sees it"
            )


def test_every_reference_of_a_model_is_held_by_the_database() -> None:
    held = {
        (table, column)
        for table, column in _rows(
            "SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k "
            "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey) "
            "WHERE k.contype = 'f'"
        )
    }
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.db_table not in _walled():
            continue
        for field in model._meta.local_fields:
            if field.remote_field is not None:
                assert (model._meta.db_table, field.column) in held, f"{model._meta.label}.{field.name}"


def test_the_ledger_sees_every_table_that_is_not_bookkeeping() -> None:
    triggers: dict[str, set[tuple[Any, ...]]] = {}
    for table, name, function, kind, argument, enabled in _rows(
        "SELECT c.relname, t.tgname, p.proname, t.tgtype, encode(t.tgargs, 'escape'), t.tgenabled::text "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND c.relname = ANY(%s)",
        [*_walled()],
    ):
        triggers.setdefault(table, set()).add((name, function, kind, argument.removesuffix(r"\000"), enabled))
    row_after_all, row_before_update = 1 + 4 + 8 + 16, 1 + 2 + 16
    for table, field in business_tables().items():
        expected: set[tuple[Any, ...]] = set()
        if field.ledger:
            expected.add(("ledger", "guanxi_ledger", row_after_all, table, "O"))
        if _rows(
            "SELECT 1 FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attname = 'version' AND NOT attisdropped",
            table,
        ):
            expected.add(("version", "guanxi_version", row_before_update, "", "O"))
        assert triggers.get(table, set()) == expected | BESIDE.get(table, set()), table


# Triggers beside those two, and why.
BESIDE: dict[str, set[tuple[Any, ...]]] = {
    # Tokens of the API end with their member's leaving, by whatever way the row was changed.
    # Whoever a customer goes from and to, by whatever way: what may be claimed is counted by it.
    "customers_customer": {
        ("customer_transferred", "guanxi_transferred", 1 + 16, "", "O"),
        ("customer_brought", "guanxi_transferred", 1 + 4, "", "O"),
        # A lock goes with its owner.
        ("customer_unlocked", "guanxi_unlocked", 1 + 16, "", "O"),
    },
    # How a sale stood at every moment, by whatever way it was changed.
    "sales_opportunity": {
        ("opportunity_moved", "guanxi_opportunity_moved", 1 + 16, "", "O"),
        ("opportunity_came_or_went", "guanxi_opportunity_moved", 1 + 4 + 8, "", "O"),
    },
    # The same of leads.
    "marketing_lead": {("lead_transferred", "guanxi_lead_transferred", 1 + 16, "", "O")},
    "customers_lock": {("customer_locked", "guanxi_locked", 1 + 4 + 8 + 16, "", "O")},
    "accounts_member": {("api_tokens_end", "guanxi_api_tokens_end", 1 + 16, "", "O")},
}


def test_functions_that_act_as_the_owner_are_closed_to_everybody_else() -> None:
    app = os.environ["GUANXI_DB_APP"]
    for name, settings, others, mine in _rows(
        "SELECT p.proname, p.proconfig, has_function_privilege('public', p.oid, 'EXECUTE'), "
        "has_function_privilege(%s, p.oid, 'EXECUTE') FROM pg_proc p "
        "WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef",
        app,
    ):
        assert "search_path=pg_catalog, public, pg_temp" in (settings or []), name
        assert not others, f"anybody may run {name}"
        assert mine == (name in REVIEWED), name


# What acts as the owner and may be run by the application: why that is safe.
REVIEWED = {
    "guanxi_api_token": "one token by its secret's hash, asked before a company is open; counts the call",
    "guanxi_feed": "whose calendar a secret address shows, asked before a company is open; counts the reading",
    "guanxi_marks": "filters by the open company before anything else; digests of the company's own keys",
    "guanxi_memberships": "one account's own companies, asked at sign-in",
    "guanxi_search": "filters by the open company before anything else",
    "guanxi_search_words": "filters by the open company before anything else",
    "guanxi_ledger_erase": "only inside an operation, only the open company's images, only takes out",
    "guanxi_ledger_mask": "only inside an operation, only the open company's images, only writes a mask over a text",
    "guanxi_ledger_strip": "only inside an operation, only the open company's images, leaves their keys",
}


def test_the_rules_for_models_hold() -> None:
    assert [str(message) for message in run_checks() if (message.id or "").startswith("guanxi.")] == []


def test_bookkeeping_refers_to_no_record_by_a_key_that_would_keep_it_from_being_undone() -> None:
    """A row outside the ledger stays where an undo takes its record away. People are never taken away once they did
    something: that is said as a conflict."""
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if (own := tenant_field(model)) is not None and not own.ledger
        for field in model._meta.concrete_fields
        if isinstance(field, Reference)
        and (target := tenant_field(field.remote_field.model)) is not None
        and target.ledger
        and field.remote_field.model is not Member
    }
    assert kept == set()
