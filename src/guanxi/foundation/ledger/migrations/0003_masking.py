from django.db import migrations

from guanxi.foundation.tenancy.sql import read


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_upkeep"), ("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(read("masking"), migrations.RunSQL.noop)]
