from django.db import migrations, models

import guanxi.foundation.tenancy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Ware",
            fields=[
                ("tenant_id", guanxi.foundation.tenancy.fields.TenantField()),
                ("id", guanxi.foundation.tenancy.fields.IdField(serialize=False)),
                ("version", guanxi.foundation.tenancy.fields.VersionField()),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("name", models.CharField(max_length=50)),
                ("price", models.BigIntegerField(default=0)),
            ],
            options={"abstract": False},
        ),
    ]
