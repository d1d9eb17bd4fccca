"""Functions that run as the owner role are doors in the wall: few, named, and closed to everybody else."""

import pytest
from django.db import connections

pytestmark = pytest.mark.usefixtures("database")

# Each was read by hand: the threat model says what it lets through.
KNOWN = {
    "guanxi_api_token": True,
    "guanxi_api_tokens_end": False,
    "guanxi_feed": True,
    "guanxi_ledger": False,
    "guanxi_ledger_erase": True,
    "guanxi_ledger_mask": True,
    "guanxi_ledger_strip": True,
    "guanxi_marks": True,
    "guanxi_memberships": True,
    "guanxi_search": True,
    "guanxi_search_words": True,
}


def test_functions_of_the_owner_are_known_have_a_fixed_path_and_are_nobodys_by_default() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """
            SELECT p.proname, coalesce(array_to_string(p.proconfig, ';'), ''),
                   coalesce(array_to_string(p.proacl, ';'), 'default') ~ '(^|;)=X|^default$',
                   has_function_privilege(%s, p.oid, 'EXECUTE')
              FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
            """,
            [connections["default"].settings_dict["USER"]],
        )
        found = {name: (path, public, ours) for name, path, public, ours in cursor.fetchall()}
    assert set(found) == set(KNOWN)
    for name, (path, public, ours) in found.items():
        assert "search_path=pg_catalog, public, pg_temp" in path, name
        assert not public, name
        assert ours == KNOWN[name], name


def test_the_application_makes_nothing_in_the_schema_that_these_functions_look_into() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)
