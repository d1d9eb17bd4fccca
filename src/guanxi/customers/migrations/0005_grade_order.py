import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0004_own_fields'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='grade_order',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf('grade', models.Value('')), models.Value('ZZ')), output_field=models.CharField(max_length=2)),
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_grade',
        ),
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_owner_grade',
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['tenant_id', 'grade_order', 'name_sort', 'id'], name='customer_grade_order'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['tenant_id', 'grade'], name='customer_grade'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['tenant_id', 'owner', 'grade_order', 'name_sort', 'id'], name='customer_owner_grade'),
        ),
    ]
