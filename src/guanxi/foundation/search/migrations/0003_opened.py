import django.db.models.deletion
import guanxi.foundation.tenancy.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("search", "0002_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="Opened",
            fields=[
                ("tenant_id", guanxi.foundation.tenancy.fields.TenantField(ledger=False)),
                ("id", guanxi.foundation.tenancy.fields.IdField(serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("resource", models.CharField(max_length=60)),
                ("record_id", models.UUIDField()),
                ("opened_at", models.DateTimeField()),
                ("member", guanxi.foundation.tenancy.fields.Reference(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.member")),
            ],
            options={
                "indexes": [models.Index(fields=["tenant_id", "member", "-opened_at"], name="search_opened_member")],
            },
        ),
    ]
