from typing import Any

from django.db import migrations

from guanxi.foundation.search.grams import rebared, tag

_BATCH = 1000


def bare_entries(apps: Any, schema_editor: Any) -> None:
    """What was written before accents were left out: few rows of a Chinese company, found by their letters."""
    found = "SELECT tenant_id, id, text, grams FROM search_entry WHERE text ~ '[\\u0080-\\u052f\\u1e00-\\u1fff]'"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(found)
        rows = cursor.fetchall()
        for start in range(0, len(rows), _BATCH):
            cursor.executemany(
                "UPDATE search_entry SET text = %s, grams = %s WHERE tenant_id = %s AND id = %s",
                [
                    (text, grams, company, record)
                    for company, record, old, borne in rows[start : start + _BATCH]
                    for text, grams in [rebared(old, borne, tag(company))]
                ],
            )


class Migration(migrations.Migration):
    dependencies = [("search", "0005_words")]
    operations = [migrations.RunPython(bare_entries, migrations.RunPython.noop)]
