"""Contracts, settlements, returns and what departments reported only ever grow."""

from django.db import migrations

from jiefa.stores import append_only

TABLES = ("contracts_contract", "contracts_settlement", "contracts_return", "contracts_departmentmoney")


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [append_only.refuse_changes(table) for table in TABLES]
