from django.db import migrations, models

import guanxi.foundation.tenancy.fields


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0002_applications'),
    ]

    operations = [
        migrations.CreateModel(
            name='ColumnMemory',
            fields=[
                ('tenant_id', guanxi.foundation.tenancy.fields.TenantField(ledger=False)),
                ('id', guanxi.foundation.tenancy.fields.IdField(serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('resource', models.CharField(max_length=60)),
                ('signature', models.CharField(max_length=64)),
                ('fields', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant_id', 'resource', 'signature'), name='column_memory_head')],
            },
        ),
    ]
