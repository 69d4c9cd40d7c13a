"""Template tags: what a value looks like, and that nothing slips in unescaped."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from jiefa.site import charts


def render(source: str, **context: object) -> str:
    return Template("{% load jiefa %}" + source).render(Context(context))


@pytest.fixture(autouse=True)
def in_chinese() -> object:
    with translation.override("zh-hans"):
        yield


def test_measure_shows_few_figures_and_keeps_the_exact_ones() -> None:
    html = render("{{ value|measure:'people' }}", value=4_932_107)

    assert 'title="4,932,107 人"' in html
    assert "493.2" in html
    assert "万" in html


def test_language_of_the_reader_decides_scale_and_date() -> None:
    with translation.override("en"):
        assert "4.93" in render("{{ value|measure:'people' }}", value=4_932_107)
        assert render("{{ value|day }}", value=dt.date(2015, 12, 31)) == "31 Dec 2015"
    assert render("{{ value|day }}", value=dt.date(2015, 12, 31)) == "2015年12月31日"


@pytest.mark.parametrize(
    ("source", "value", "text"),
    [
        ("{{ value|yuan }}", 277_000, "2,770.00"),
        ("{{ value|yuan }}", None, "—"),
        ("{{ value|percent }}", 0.1403, "14.0%"),
        ("{{ value|percent:2 }}", 0.9274, "92.74%"),
        ("{{ value|digits }}", 12_873, "12,873"),
        ("{{ value|size }}", 1_834_112, "1.8 MB"),
        ("{{ value|masked_id }}", "520324196707011234", "520324********1234"),
        ("{{ value|masked_id }}", "520324********1234", "520324********1234"),
        ("{{ value|masked_id }}", "", "—"),
        ("{{ value|magnitude|yuan }}", -19_800, "198.00"),
    ],
)
def test_filters(source: str, value: object, text: str) -> None:
    assert render(source, value=value) == text


@pytest.mark.parametrize(("status", "sign"), [("poor", "●"), ("pre_exit", "◐"), ("exited", "○"), ("returned", "▲")])
def test_status_has_a_sign_beside_its_colour(status: str, sign: str) -> None:
    html = render("{% status_badge status label %}", status=status, label="<b>")

    assert sign in html
    assert "&lt;b&gt;" in html


def test_tick_says_unknown_in_words() -> None:
    assert "未知" in render("{% tick value %}", value=None)
    assert "未达标" in render("{% tick value %}", value=False)


def test_chart_carries_its_option_as_data_and_no_inline_style() -> None:
    frame = charts.Frame(id="health", title="健康</script>", unit="people", as_of=dt.date(2015, 12, 31), lang="zh")
    html = render("{% chart chart %}", chart=charts.bars([charts.Bar("</script><b>", 3, "/x")], frame=frame))

    assert '<script id="health-option" type="application/json">' in html
    assert "</script><b>" not in html
    assert " style=" not in html
    assert "截至2015年12月31日" in html


def test_field_ties_errors_to_its_input() -> None:
    class Form(forms.Form):
        wage = forms.DecimalField(label="工资性收入", help_text="全年")

    html = render("{% field form.wage %}", form=Form({"wage": "x"}))

    assert "is-invalid" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_wage_helptext' in html
    assert 'id="id_wage_error"' in html
