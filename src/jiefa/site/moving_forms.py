"""What people search by among courses, settlement sites and hamlets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiefa.site.forms import ANY
from jiefa.site.reader import Reader


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [ANY, *choices]


class _Search(forms.Form):
    q = forms.CharField(label=_("Name or number"), required=False, max_length=60)
    place = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def typed(self, name: str) -> str:
        """What was typed or chosen; '' for what the list does not know."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class CourseSearch(_Search):
    trade = forms.ChoiceField(label=_("Trade"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = reader.pack.codes("training_trade").values
        _offer(self, "trade", [(code.id, reader.words(code.zh, code.en)) for code in codes])


class SiteSearch(_Search):
    kind = forms.ChoiceField(label=_("Kind of site"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = reader.pack.codes("resettlement").values
        _offer(self, "kind", [(code.id, reader.words(code.zh, code.en)) for code in codes])


class HamletSearch(_Search):
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "state", [("proposed", _("Move proposed")), ("decided", _("Move decided")), ("moved", _("Moved"))])
