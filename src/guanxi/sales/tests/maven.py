"""What the four files of a hardware seller say, counted from the files themselves."""

import csv
from collections import Counter
from datetime import date
from typing import Any

from guanxi.kernel.tests.shared_data import FOLDER

HERE = FOLDER / "maven_crm"
WHY_NOT = "the sample files of ../shared/data are not here"
PIPELINE, ACCOUNTS, TEAMS, PRODUCTS = "sales_pipeline.csv", "accounts.csv", "sales_teams.csv", "products.csv"
UNKNOWN, MEANT = "GTXPro", "GTX Pro"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the files."""
    with (HERE / name).open(encoding="ascii", newline="") as file:
        return list(csv.DictReader(file))


def figures() -> dict[str, Any]:
    """Sales by stage, seller, product and month of closing; what was won, in hundredths, in all and by month; the days
    that won sales took, and how many sales name no account."""
    by: dict[str, Counter[str]] = {
        name: Counter() for name in ("stage", "seller", "product", "month", "won_month")
    }
    won = days = accountless = 0
    for row in rows(PIPELINE):
        by["stage"][row["deal_stage"]] += 1
        by["seller"][row["sales_agent"]] += 1
        by["product"][row["product"]] += 1
        accountless += not row["account"]
        if row["close_date"]:
            by["month"][row["close_date"][:7]] += 1
        if row["deal_stage"] == "Won":
            won += int(row["close_value"]) * 100
            by["won_month"][row["close_date"][:7]] += int(row["close_value"]) * 100
            days += (date.fromisoformat(row["close_date"]) - date.fromisoformat(row["engage_date"])).days
    return {name: dict(found) for name, found in by.items()} | {
        "won": won, "days": days, "accountless": accountless,
    }  # fmt: skip
