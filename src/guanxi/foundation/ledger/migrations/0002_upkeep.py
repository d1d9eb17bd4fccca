from django.db import migrations

from guanxi.foundation.tenancy.sql import read


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [migrations.RunSQL(read("upkeep"), migrations.RunSQL.noop)]
