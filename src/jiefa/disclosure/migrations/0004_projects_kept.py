"""What a notice says of a project stays as it was published."""

from django.db import migrations

from jiefa.stores import append_only


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0003_projects")]

    operations = [append_only.refuse_changes("disclosure_noticeproject")]
