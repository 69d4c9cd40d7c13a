"""The shapes of what is typed at notices: a search, an objection, the proof that one hung. They decide nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jiefa.disclosure import rules
from jiefa.site.forms import ANY
from jiefa.site.reader import Reader


class NoticeSearch(forms.Form):
    """Places and kinds: nobody is looked for by name here."""

    q = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or code of a place")}),
    )
    kind = forms.ChoiceField(label=_("Kind of notice"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        codes = reader.pack.codes("notice").values
        field.choices = [ANY, *((code.id, reader.words(code.zh, code.en)) for code in codes)]


class PlaceSearch(forms.Form):
    """A place that is looked for."""

    q = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or code of a place")}),
    )


class MoneySearch(PlaceSearch):
    """A place and a year of which figures are on file."""

    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(year), str(year)) for year in reversed(reader.years)]
        field.initial = str(reader.year)


class ObjectionForm(forms.Form):
    line = forms.IntegerField(
        label=_("Number of the line"),
        required=False,
        min_value=1,
        max_value=rules.LARGEST_NOTICE,
        help_text=_("Empty: the whole list."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    text = forms.CharField(
        label=_("What you object to, and why"),
        max_length=rules.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=rules.NAME_LENGTH,
        help_text=_("You need not say who you are. If you do, only those who inquire can read it."),
    )
    contact = forms.CharField(
        label=_("Telephone or other contact"),
        required=False,
        max_length=rules.CONTACT_LENGTH,
        help_text=_("For the answer. Without it the answer stands on the page of the notice only."),
    )
    paper = forms.BooleanField(label=_("Came on paper or by telephone; I am typing it in"), required=False)
    # Not shown to people; programs that fill in every field give themselves away.
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=200)

    def __init__(self, *args: Any, officer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].widget.attrs.update({"tabindex": "-1", "autocomplete": "off"})
        if not officer:
            del self.fields["paper"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this field empty and send again."))
        return ""


class PostingForm(forms.Form):
    place = forms.ChoiceField(label=_("Where it hung"))
    on = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    photo = forms.FileField(
        label=_("Photograph"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(places)
