"""An address of a calendar is looked up before any company is open."""

from django.db import migrations

from guanxi.foundation.tenancy.sql import read


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("accounts", "0002_security")]

    operations = [
        migrations.RunSQL(
            read("feeds"), "DROP FUNCTION guanxi_feed(text); DROP INDEX activities_feed_hash"
        )
    ]
