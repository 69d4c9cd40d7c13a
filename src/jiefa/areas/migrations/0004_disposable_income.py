from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("areas", "0003_village_income"),
    ]

    operations = [
        migrations.AddField(
            model_name="divisionyear",
            name="disposable_income_per_person_fen",
            field=models.BigIntegerField(null=True),
        ),
    ]
