"""The rows of a table as HTML, made in Python: a quarter of the time that a template takes for fifty rows."""

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.foundation.design.shapes import Column, Row, Table


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _row_open(row: Row) -> str:
    classes = " ".join(["gx-sel"] * row.selected + ["gx-cur"] * row.current)
    return (
        f'<tr data-id="{escape(row.id)}" data-href="{escape(row.url)}"'
        f"{_attribute('data-preview', row.preview_url)}{_attribute('data-edit', row.edit_url)}"
        f"{_attribute('class', classes)}>"
    )


def _check(row: Row, table: str) -> SafeString:
    return format_html(
        '<td class="gx-pickcell"><input class="form-check-input" type="checkbox" name="ids" value="{}"'
        ' form="{}-bulk" data-gx-pick aria-label="{}"{}></td>',
        row.id,
        table,
        _("Select %(name)s") % {"name": row.label},
        SafeString(" checked") if row.selected else "",
    )


def _name(row: Row, cell: str) -> str:
    sub = f' <span class="gx-sub">{conditional_escape(row.sub)}</span>' if row.sub else ""
    return f'<a class="gx-nm" href="{escape(row.url)}">{conditional_escape(cell)}</a>{sub}'


def _meta(row: Row) -> str:
    """What stands beneath the row's title on a phone."""
    return f'<span class="gx-meta">{conditional_escape(row.meta)}</span>' if row.meta else ""


def _cell_class(column: Column) -> str:
    words = (
        ["gx-num"] * (column.align == "num")
        + ["gx-minor"] * column.minor
        + [f"gx-at-{column.phone or 'none'}"]
    )
    return " ".join(words)


def drawn_rows(table: Table) -> SafeString:
    """Every row of the table. Raises ValueError where a row has other than one cell a column."""
    classes = [_cell_class(column) for column in table.columns]
    titles = [place for place, column in enumerate(table.columns) if column.phone == "title"]
    beneath = titles[0] if titles else 0
    parts: list[str] = []
    for row in table.rows:
        parts.append(_row_open(row))
        if table.selectable:
            parts.append(_check(row, table.id))
        for place, (css, cell) in enumerate(zip(classes, row.cells, strict=True)):
            content = str(conditional_escape(cell)) if place else _name(row, cell)
            if place == beneath:
                content += _meta(row)
            parts.append(f'<td class="{css}">{content}</td>')
        parts.append("</tr>")
    return SafeString("".join(parts))  # every piece above is escaped
