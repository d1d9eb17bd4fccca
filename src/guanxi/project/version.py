"""The product's version, written once in pyproject.toml."""

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PYPROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


@cache
def product_version() -> str:
    """As "0.1.0"; run from a checkout or installed."""
    if _PYPROJECT.exists():
        return str(tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])
    try:
        return version("guanxi")
    except PackageNotFoundError:
        return "0"
