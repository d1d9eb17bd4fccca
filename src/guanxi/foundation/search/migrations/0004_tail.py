from django.db import migrations

# The end of every phone as a gram of its own, as `grams.lines_of` makes it for what is written from now on.
_ADD = r"""
UPDATE search_entry e
   SET grams = e.grams || (
       SELECT array_agg(DISTINCT right(replace(e.tenant_id::text, '-', ''), 8) || '$' || right(line, 4))
         FROM regexp_split_to_table(e.text, E'\n') AS line WHERE line ~ '^[0-9]{5,}$')
 WHERE e.text ~ '(^|\n)[0-9]{5,}(\n|$)'
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_opened")]
    operations = [migrations.RunSQL(_ADD, migrations.RunSQL.noop)]
