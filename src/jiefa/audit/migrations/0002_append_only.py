"""The log takes new entries only."""

from django.db import migrations

from jiefa.stores import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [append_only.refuse_changes("audit_entry"), append_only.refuse_changes("audit_read")]
