"""Statements are counted by wrappers of the connection; none of them may outlive its request."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.test import Client

from guanxi.foundation.accounts.models import Member
from guanxi.project.logs import watch
from guanxi.testing.worlds import World


def test_a_request_that_opens_its_thread_s_connection_leaves_no_wrapper_behind(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    client = client_for(world.members["seller"])

    def requests() -> list[Any]:
        try:
            for _ in range(3):
                # As in the server, where each request takes a connection from the pool and gives it back.
                connection.close()
                assert client.get("/customers/").status_code == 200
            return list(connection.execute_wrappers)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as fresh_thread:
        assert fresh_thread.submit(requests).result() == [watch]
