import django.db.models.deletion
import guanxi.foundation.tenancy.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_security'),
        ('customers', '0018_hidden_until_claimed'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='charge',
            options={'verbose_name': 'collaborator', 'verbose_name_plural': 'Collaborators'},
        ),
        migrations.AlterField(
            model_name='charge',
            name='member',
            field=guanxi.foundation.tenancy.fields.Reference(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.member', verbose_name='Collaborator'),
        ),
        migrations.AlterField(
            model_name='charge',
            name='unit',
            field=models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='Part or product line'),
        ),
        migrations.AddField(
            model_name='charge',
            name='power',
            field=models.CharField(choices=[('read', 'Reads'), ('write', 'Reads and writes')], db_default='read', default='read', max_length=6, verbose_name='May'),
        ),
        migrations.AddField(
            model_name='charge',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='Why'),
        ),
    ]
