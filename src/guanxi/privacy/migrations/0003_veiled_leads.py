from django.db import migrations

# A company that masks telephones masks those of leads, too.
_LEADS = """
UPDATE tenancy_tenant SET settings = jsonb_set(settings, '{veiled}', settings -> 'veiled' || '[["leads", "phone"]]')
 WHERE jsonb_array_length(coalesce(settings -> 'veiled', '[]')) > 0
   AND NOT settings -> 'veiled' @> '[["leads", "phone"]]'
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_reveals"), ("tenancy", "0001_initial")]
    operations = [migrations.RunSQL(_LEADS, migrations.RunSQL.noop)]
