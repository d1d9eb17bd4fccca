"""Where the sample files lie that are not part of the repository."""

import os
from pathlib import Path

FOLDER = Path(os.environ.get("GUANXI_SHARED_DATA") or Path(__file__).resolve().parents[4] / "../shared/data")
SHORT_FORMS = FOLDER / "cn_company_short_forms" / "Company-Shorter-Form-28W.txt"
FAMILY_NAMES = FOLDER / "cn_names" / "family_names.xlsx"


def short_forms(every: int = 1) -> list[str]:
    """Brand words of Chinese companies, every n-th of 267,397."""
    lines = SHORT_FORMS.read_text(encoding="utf-8-sig").splitlines()[3:]
    return [line.strip() for line in lines[::every] if line.strip()]
