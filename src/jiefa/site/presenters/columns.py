"""The value of a column that the pack describes, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jiefa.assistance.rules import programmes as rules
from jiefa.kernel.money import format_yuan
from jiefa.policy import Field
from jiefa.site.reader import Reader
from jiefa.site.templatetags.jiefa import day


def column_value(reader: Reader, field: Field, own: rules.Own) -> str:
    """The value of a column in words."""
    value = own.get(field.id)
    if value is None:
        return "—"
    if field.code_list:
        return reader.label(field.code_list, str(value))
    if field.type == "money":
        return f"¥{format_yuan(int(str(value)))}"
    if field.type == "date":
        return day(rules.day(own, field.id))
    if field.type == "bool":
        return _("Yes") if value else _("No")
    unit = reader.label("unit", field.unit) if field.unit else ""
    return f"{value} {unit}".strip()
