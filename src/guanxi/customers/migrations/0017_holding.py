from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0016_locks'),
    ]

    operations = [
        migrations.AddField(
            model_name='pool',
            name='holds_a_person',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Customers a person'),
        ),
        migrations.AddField(
            model_name='pool',
            name='uncounted_grades',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='Grades not counted'),
        ),
        migrations.AddField(
            model_name='pool',
            name='uncounted_categories',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='Categories not counted'),
        ),
        migrations.AddField(
            model_name='pool',
            name='uncounted_registrations',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='Registration statuses not counted'),
        ),
        migrations.AddField(
            model_name='pool',
            name='uncounted_locked',
            field=models.BooleanField(db_default=False, default=False, verbose_name='Locked ones not counted'),
        ),
    ]
