from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0017_holding'),
    ]

    operations = [
        migrations.AddField(
            model_name='pool',
            name='hides',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='Hidden until claimed'),
        ),
        migrations.AddField(
            model_name='pool',
            name='looks_a_day',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='Looks at hidden phones a day'),
        ),
    ]
