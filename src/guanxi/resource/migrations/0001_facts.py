from django.db import migrations, models

import guanxi.foundation.tenancy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("tenant_id", guanxi.foundation.tenancy.fields.TenantField()),
                ("id", guanxi.foundation.tenancy.fields.IdField(serialize=False)),
                ("version", guanxi.foundation.tenancy.fields.VersionField()),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("resource", models.CharField(max_length=60)),
                ("record_id", models.UUIDField()),
                ("name", models.CharField(max_length=60, verbose_name="fact")),
                ("text", models.CharField(max_length=300, null=True, verbose_name="value")),
                ("number", models.BigIntegerField(null=True, verbose_name="value")),
                ("moment", models.DateTimeField(null=True, verbose_name="value")),
                ("by", models.CharField(max_length=60, verbose_name="stated by")),
            ],
            options={
                "verbose_name": "fact",
                "verbose_name_plural": "facts",
                "indexes": [
                    models.Index(fields=["tenant_id", "resource", "name", "text"], name="fact_text"),
                    models.Index(fields=["tenant_id", "resource", "name", "number"], name="fact_number"),
                    models.Index(fields=["tenant_id", "resource", "name", "moment"], name="fact_moment"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant_id", "resource", "record_id", "name"), name="fact_once"
                    )
                ],
            },
        ),
    ]
