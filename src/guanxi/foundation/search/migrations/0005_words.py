from django.db import migrations

from guanxi.foundation.tenancy.sql import read

_DROP = "DROP FUNCTION guanxi_search_words(text, uuid[], text[], text[], integer, integer)"


class Migration(migrations.Migration):
    dependencies = [("search", "0004_tail")]
    operations = [migrations.RunSQL(read("search_words"), _DROP)]
