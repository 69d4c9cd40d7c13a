"""Values in, ECharts options (and their twin tables) out: pure functions that neither query nor know a request.

Colours are written ``$token`` and number formats ``@name``: the browser script puts the theme's colour and a formatter
of the reader's language in their place, so that one option serves light, dark and print.
"""

from __future__ import annotations

from jiefa.site.charts.against import against
from jiefa.site.charts.areas import Place, RankRow, Tile, area_map, classes, ranking, tiles
from jiefa.site.charts.bands import Band, Stop, sankey
from jiefa.site.charts.figures import Figure, Multiple, MultipleRow, Sparkline, small_multiple, sparkline
from jiefa.site.charts.flows import IncomePoint, Step, income_against_line, waterfall
from jiefa.site.charts.parts import Chart, Column, Frame, Row
from jiefa.site.charts.radar import Spoke, radar
from jiefa.site.charts.series import Bar, Series, bars, lines, pyramid, stacked_years

__all__ = [
    "Band",
    "Bar",
    "Chart",
    "Column",
    "Figure",
    "Frame",
    "IncomePoint",
    "Multiple",
    "MultipleRow",
    "Place",
    "RankRow",
    "Row",
    "Series",
    "Sparkline",
    "Spoke",
    "Step",
    "Stop",
    "Tile",
    "against",
    "area_map",
    "bars",
    "classes",
    "income_against_line",
    "lines",
    "pyramid",
    "radar",
    "ranking",
    "sankey",
    "small_multiple",
    "sparkline",
    "stacked_years",
    "tiles",
    "waterfall",
]
