"""What was drawn, replaced, answered, handed over and upheld only ever grows."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = (
    "evaluation_sample",
    "evaluation_drawnvillage",
    "evaluation_drawnhousehold",
    "evaluation_replacement",
    "evaluation_fieldanswer",
    "evaluation_handover",
    "evaluation_rebuttal",
)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
