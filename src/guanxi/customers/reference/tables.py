"""Reads the tab-separated tables beside this module. They are written by us, so a bad row is a bug."""

from importlib.resources import files


def rows(name: str) -> list[list[str]]:
    """The rows of `data/<name>.tsv` without the header, each as long as the header.

    Raises ValueError for a row of another length.
    """
    text = files("guanxi.customers.reference").joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    header, *lines = text.splitlines()
    width = header.count("\t") + 1
    table = [line.split("\t") for line in lines]
    for number, row in enumerate(table, start=2):
        if len(row) != width:
            raise ValueError(f"{name}.tsv line {number}: {len(row)} columns, not {width}")
    return table
