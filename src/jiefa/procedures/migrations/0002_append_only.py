"""Steps and files only ever grow."""

from django.db import migrations

from jiefa.stores import append_only


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]

    operations = [
        append_only.refuse_changes("procedures_steptaken"),
        append_only.refuse_changes("procedures_evidence"),
    ]
