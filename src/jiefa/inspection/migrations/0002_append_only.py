"""What was found, replied, looked at again and said only ever grows."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = (
    "inspection_spotitem",
    "inspection_spotreply",
    "inspection_spotrecheck",
    "inspection_spotfile",
    "inspection_interview",
)


class Migration(migrations.Migration):
    dependencies = [("inspection", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
