import django.db.models.deletion
from django.db import migrations, models

import guanxi.foundation.tenancy.fields
from guanxi.integrations.sql import read


class Migration(migrations.Migration):

    contract = True
    reason = 'a token now bears areas; whoever still asks for the old column is the process that this upgrade replaces'

    dependencies = [
        ('accounts', '0002_security'),
        ('integrations', '0001_initial'),
    ]

    operations = [
        migrations.RenameField(model_name='apitoken', old_name='codes', new_name='scopes'),
        migrations.AddField(
            model_name='apitoken',
            name='purpose',
            field=models.CharField(choices=[('personal', 'Personal'), ('application', 'Application')], default='personal', max_length=12),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='made_by',
            field=guanxi.foundation.tenancy.fields.Reference(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.member'),
        ),
        migrations.CreateModel(
            name='ApiRequest',
            fields=[
                ('tenant_id', guanxi.foundation.tenancy.fields.TenantField(ledger=False)),
                ('id', guanxi.foundation.tenancy.fields.IdField(serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('method', models.CharField(max_length=10)),
                ('path', models.CharField(max_length=300)),
                ('status', models.SmallIntegerField()),
                ('ms', models.IntegerField()),
                ('ip', models.GenericIPAddressField(blank=True, null=True)),
                ('request_id', models.CharField(default='', max_length=64)),
                ('token', guanxi.foundation.tenancy.fields.Reference(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.apitoken')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant_id', 'token', 'created_at', 'id'], name='api_request_token'), models.Index(fields=['tenant_id', 'created_at'], name='api_request_created')],
            },
        ),
        migrations.RunSQL(read("applications"), migrations.RunSQL.noop),
    ]
