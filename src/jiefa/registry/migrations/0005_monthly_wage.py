"""The wage of a person card is a month's, as the form asks for it; the name says so."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_batch_whole")]

    operations = [migrations.RenameField("personyear", "wage_fen", "monthly_wage_fen")]
