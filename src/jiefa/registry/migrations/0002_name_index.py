"""People are found by any part of a name without a scan."""

from django.db import migrations

from jiefa.stores import names


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [names.index_names("registry_person")]
