from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["tenant_id", "kind", "-created_at"], name="notice_kind"),
        ),
    ]
