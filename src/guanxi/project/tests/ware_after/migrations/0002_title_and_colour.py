from django.db import migrations, models


class Migration(migrations.Migration):
    contract = True
    reason = "`name` was called `title` everywhere else; nothing of 0.1 runs beside this version"

    dependencies = [("ware", "0001_initial")]

    operations = [
        migrations.RenameField("ware", "name", "title"),
        migrations.AlterField("ware", "title", models.CharField(max_length=80)),
        migrations.AddField("ware", "colour", models.CharField(max_length=20, default="white")),
    ]
