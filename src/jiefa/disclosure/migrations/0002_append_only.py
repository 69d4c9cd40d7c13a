"""What was published, shown to have hung or objected to only ever grows."""

from django.db import migrations

from jiefa.stores import append_only


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]

    operations = [
        append_only.refuse_changes("disclosure_notice"),
        append_only.refuse_changes("disclosure_noticerow"),
        append_only.refuse_changes("disclosure_posting"),
        append_only.refuse_changes("disclosure_objection"),
        append_only.refuse_changes("disclosure_noticeproject"),
    ]
