"""What was handed over and upheld only ever grows."""

from django.db import migrations

from jiefa.stores import append_only


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_hand_over")]

    operations = [append_only.refuse_changes(table) for table in ("evaluation_handover", "evaluation_rebuttal")]
