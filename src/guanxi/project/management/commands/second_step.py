"""`guanxi second_step NAME`: takes app and recovery codes away from somebody who cannot use them any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guanxi.foundation.accounts.queries import find_account
from guanxi.foundation.accounts.services import end_sessions, remove_second_step


class Command(BaseCommand):
    help = (
        "Take the authenticator app and the recovery codes of a sign-in away; the password alone then holds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the sign-in name, e-mail or mobile number")

    def handle(self, *args: Any, **options: Any) -> None:
        account = find_account(options["name"])
        if account is None:
            raise CommandError(f"There is no such sign-in: {options['name']}")
        if not remove_second_step(account.id):
            self.stdout.write(f"{account.username} has no second step.")
            return
        end_sessions(account.id)
        self.stdout.write(
            f"{account.username} signs in with the password alone, and should set up a new one."
        )
