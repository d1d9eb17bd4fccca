"""Two who create the same company at once, one on the form and one through the API: never two without it being said."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from guanxi.customers.models import Customer, Pair
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.codes import make_credit_code
from guanxi.testing.worlds import World, in_scope

PAIRS = 200


def _ways(number: int) -> tuple[dict[str, str], dict[str, str]]:
    """Two ways to write one company, of four sorts: one name, one code, one phone, one number."""
    name = f"常州第{number}苏谷豆制品"
    one: dict[str, str] = {"name": f"{name}有限公司"}
    other: dict[str, str] = {"name": f"{name}公司" if number % 4 == 0 else f"第{number}别的名字"}
    if number % 4 == 1:
        one["credit_code"] = other["credit_code"] = make_credit_code(30000000 + number)
    elif number % 4 == 2:
        other["name"] = name
        one["phone"] = other["phone"] = f"0519-{88000000 + number}"
    elif number % 4 == 3:
        one["number"] = other["number"] = f"K-{number}"
    return one, other


@pytest.mark.slow
def test_two_hundred_pairs_of_simultaneous_creations_leave_nothing_unsaid(
    world: World, client_for: Any
) -> None:
    form: Client = client_for(world.members["seller"])
    form.raise_request_exception = False
    program = program_of(world.teammate)
    for number in range(PAIRS):
        one, other = _ways(number)
        gate = Barrier(2)
        # Every third pair insists that it is another company.
        insists = {"allow_duplicate": "1"} if number % 3 == 0 else {}

        def on_form(data: dict[str, str] = one, gate: Barrier = gate, more: dict[str, str] = insists) -> int:
            try:
                gate.wait(10)
                return form.post("/customers/new/", {**data, "relations": "customer", **more}).status_code
            finally:
                connections.close_all()

        def by_api(
            data: dict[str, str] = other,
            gate: Barrier = gate,
            query: str = "?allow_duplicate=1" if insists else "",
        ) -> int:
            try:
                gate.wait(10)
                return int(
                    program.post(f"/customers{query}", {**data, "relations": ["customer"]}).status_code
                )
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(on_form), pool.submit(by_api)]
            codes = (answers[0].result(60), answers[1].result(60))
        made = (codes[0] == 302) + (codes[1] == 201)
        assert codes[0] in (302, 409), (number, codes)
        assert codes[1] in (201, 409), (number, codes)
        assert made >= 1, (number, codes)
        with in_scope(world.system):
            names = [one["name"], other["name"]]
            rows = list(Customer.objects.filter(name__in=names).values_list("pk", flat=True))
            assert len(rows) == made, (number, codes)
            if made == 2:
                first, second = sorted(rows)
                assert insists, (number, codes)
                assert Pair.objects.filter(first=first, second=second).exists(), (number, codes)
            if number % 4 in (1, 2, 3):
                assert made == 1, f"certain, so nobody can insist: {number} {codes}"
