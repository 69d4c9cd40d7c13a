"""What templates need to show values: numbers with units, status with sign, icons, charts, form fields.

Every tag takes plain values; none queries. The reader's language is the active translation.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiefa.kernel import id_numbers
from jiefa.site import numerals
from jiefa.site.charts import Chart, Figure, Sparkline, sparkline
from jiefa.site.charts.intervals import IntervalMark
from jiefa.site.numerals import Language, Number

register = template.Library()

STATUS_SIGNS = {"poor": "●", "pre_exit": "◐", "exited": "○", "returned": "▲"}
LEVEL_SIGNS = {"error": "✕", "warn": "!"}
TONE_SIGNS = {"good": "✓", "bad": "✕", "attention": "!", "plain": "·"}


def language() -> Language:
    """The active language as this project writes it."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


@register.filter
def measure(value: Number | None, unit: str) -> SafeString:
    """``value`` in few figures with scale and unit word; all digits in the title."""
    shown = numerals.short(value, unit, language())
    return shown_html(shown)


@register.filter
def shown_html(shown: numerals.Shown) -> SafeString:
    """A ``numerals.Shown`` as mark-up."""
    scale = format_html('<span class="num-scale">{}</span>', shown.scale.strip()) if shown.scale else ""
    unit = format_html('<span class="num-unit">{}</span>', shown.unit) if shown.unit else ""
    return format_html('<span class="num" title="{}">{}{}{}</span>', shown.exact, shown.figures, scale, unit)


@register.filter
def exact(value: Number | None, unit: str) -> str:
    """All digits of ``value`` with the unit."""
    return numerals.exact(value, unit, language())


@register.filter
def digits(value: Number | None) -> str:
    """A whole number with thousands commas, or a dash."""
    return numerals.MISSING if value is None or value == "" else numerals.grouped(value)


@register.filter
def decimals(value: Number | None, places: int) -> str:
    """A number with so many decimals, or a dash."""
    return numerals.MISSING if value is None else numerals.grouped(value, places)


@register.filter
def signed(value: Number | None, unit: str) -> str:
    """The short form with its sign."""
    return numerals.signed(value, unit, language())


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as yuan with two decimals, without the unit."""
    return numerals.MISSING if fen is None else numerals.grouped(Decimal(fen).scaleb(-2), 2)


@register.filter
def magnitude(value: Number | None) -> Number | None:
    """``value`` without its sign."""
    if value is None or value >= 0:
        return value
    return -value


@register.filter
def percent(share: Number | None, decimals: int = 1) -> str:
    """A share (0 to 1) in per cent."""
    return numerals.MISSING if share is None else f"{numerals.grouped(Decimal(str(share)) * 100, decimals)}%"


@register.filter
def size(count: int | None) -> str:
    """Bytes in KB, MB or GB."""
    if count is None:
        return numerals.MISSING
    number = float(count)
    for name in ("B", "KB", "MB"):
        if number < 1000:
            return f"{number:.0f} {name}" if name == "B" else f"{number:.1f} {name}"
        number /= 1000
    return f"{number:.2f} GB"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A date: 2015年12月31日 or 31 Dec 2015."""
    if value is None or value == "":
        return numerals.MISSING
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value.year}年{value.month}月{value.day}日" if language() == "zh" else f"{value.day} {value:%b %Y}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A moment to the minute in the office's time zone: 2015-12-31 09:05."""
    if value is None or value == "":
        return numerals.MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%Y-%m-%d %H:%M}"


@register.filter
def masked_id(number: str | None) -> str:
    """A certificate number with its middle hidden. Numbers that arrive masked stay as they are."""
    if not number:
        return numerals.MISSING
    return number if "*" in number else id_numbers.mask(number)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decoration unless it has a ``label``."""
    return _icon(name, label)


@lru_cache(maxsize=1_024)
def _icon(name: str, label: str) -> SafeString:
    href = f"{static('vendor/icons.svg')}#i-{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', href)


@register.simple_tag
def status_badge(status: str, label: str) -> SafeString:
    """The poverty status as sign and word; colour only repeats the sign."""
    sign = STATUS_SIGNS.get(status, "·")
    return format_html(
        '<span class="status status-{}"><span class="status-sign" aria-hidden="true">{}</span>{}</span>',
        status,
        sign,
        label,
    )


@register.simple_tag
def level_badge(level: str) -> SafeString:
    """The level of a finding as sign and word."""
    label = _("Error") if level == "error" else _("Warning")
    return format_html(
        '<span class="level level-{}"><span class="level-sign" aria-hidden="true">{}</span>{}</span>',
        level,
        LEVEL_SIGNS.get(level, "·"),
        label,
    )


@register.simple_tag
def tick(ok: bool | None) -> SafeString:
    """A condition as met, not met or unknown, in sign and hidden word."""
    name, sign, word = (
        ("unknown", "?", _("not known")) if ok is None else ("yes", "✓", _("met")) if ok else ("no", "✕", _("not met"))
    )
    return format_html(
        '<span class="tick tick-{}"><span aria-hidden="true">{}</span><span class="visually-hidden">{}</span></span>',
        name,
        sign,
        word,
    )


@register.simple_tag
def spark(figure: Figure | Sparkline | None) -> SafeString:
    """The trend line of a figure, or nothing."""
    line = sparkline(figure.trend, unit=figure.unit, lang=language()) if isinstance(figure, Figure) else figure
    if not isinstance(line, Sparkline):
        return mark_safe("")
    return format_html(
        '<svg class="spark" viewBox="0 0 96 28" role="img" aria-label="{}" preserveAspectRatio="none"><title>{}</title>'
        '<polygon class="spark-area" points="{}"/><polyline class="spark-line" points="{}"/>'
        '<circle class="spark-end" cx="{}" cy="{}" r="2.5"/></svg>',
        line.label,
        line.label,
        line.area,
        line.points,
        line.last_x,
        line.last_y,
    )


@register.simple_tag
def interval(mark: IntervalMark | None) -> SafeString:
    """An estimate with its interval against the standard, or a dash."""
    if mark is None:
        return mark_safe("—")
    limit = (
        mark_safe("")
        if mark.limit is None
        else format_html('<line class="interval-limit" x1="{}" x2="{}" y1="1" y2="29"/>', mark.limit, mark.limit)
    )
    return format_html(
        '<svg class="interval interval-{}" viewBox="0 0 220 30" role="img" aria-label="{}"><title>{}</title>'
        '<line class="interval-axis" x1="0" x2="220" y1="15" y2="15"/>'
        '<rect class="interval-span" x="{}" y="11" width="{}" height="8" rx="2"/>{}<circle class="interval-point" cx="{}" cy="15" r="4"/></svg>',
        mark.tone,
        mark.label,
        mark.label,
        mark.low,
        mark.width,
        limit,
        mark.value,
    )


@register.simple_tag
def bar(length: int, ramp: str = "plain", level: int = 3) -> SafeString:
    """A bar of ``length`` per cent of its cell."""
    return format_html(
        '<svg class="bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 8">'
        '<rect class="fill-{}{}" width="{}" height="8" rx="1"/></svg>',
        ramp,
        level,
        max(0, min(100, length)),
    )


@register.inclusion_tag("site/_chart.html")
def chart(chart: Chart | None) -> dict[str, Any]:
    """A chart with its title, unit, date, table twin and downloads."""
    return {"chart": chart, "map_url": static(f"vendor/maps/{chart.map_name}.json") if chart and chart.map_name else ""}


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, FileInput):
        return "file"
    return "area" if isinstance(widget, Textarea) else "text"


WIDGET_CLASSES = {"check": "form-check-input", "select": "form-select", "choices": "form-check-input"}


@register.inclusion_tag("site/_field.html")
def field(bound: BoundField, label: str = "", compact: bool = False) -> dict[str, Any]:
    """A form field with label, unit, help and errors; errors are tied to the input for readers of the screen."""
    kind = _kind(bound)
    attributes: dict[str, str | bool] = {"class": WIDGET_CLASSES.get(kind, "form-control")}
    if bound.errors:
        attributes["class"] = f"{attributes['class']} is-invalid"
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "compact": compact,
        "unit": getattr(bound.field, "unit", ""),
        "widget": bound.as_widget(attrs=attributes),
        "required": bound.field.required,
    }


@register.simple_tag
def hidden_pairs(pairs: list[tuple[str, str]]) -> SafeString:
    """Hidden inputs that carry a typed form through another page."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)
