"""Says how the first visitor of an empty installation makes its company."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from guanxi.foundation.accounts.services.first_visit import setup_token


class Command(BaseCommand):
    help = "Print the address of the first visit, where there is no company yet."

    def handle(self, *args: Any, **options: Any) -> None:
        token = setup_token()
        if token is not None:
            self.stdout.write("Nobody is here yet. Make your company and its administrator at")
            self.stdout.write(f"  {settings.BASE_URL}{reverse('first_visit')}?token={token}")
