from django.db import migrations

_FUNCTION = "guanxi_search(text, uuid[], text[], text[], text, integer)"


class Migration(migrations.Migration):
    """Plan every search by what is searched: a common piece of a name needs another plan than a rare one."""

    dependencies = [
        ("search", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {_FUNCTION} SET plan_cache_mode = force_custom_plan",
            f"ALTER FUNCTION {_FUNCTION} RESET plan_cache_mode",
        ),
    ]
