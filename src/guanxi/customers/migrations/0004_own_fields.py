from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_slim_choices'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='own',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="Fields of one's own"),
        ),
    ]
