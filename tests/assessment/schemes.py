"""Schemes for tests, made of few words: one group or two, every function, both ways of treating what is missing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jiefa.policy.scheme_parts import Scoring, Source
from jiefa.policy.schemes import Grade, PlaceGroup, Places, Scheme, SchemeIndicator, Section, Veto

LINEAR = Scoring("linear", "higher", none_at=Decimal(0), full_at=Decimal(20))
FALLING = Scoring("linear", "lower", none_at=Decimal(30), full_at=Decimal(3))
STEPS = Scoring("threshold", "higher", steps=((Decimal(60), Decimal(40)), (Decimal(90), Decimal(100))))
STEPS_DOWN = Scoring("threshold", "lower", steps=((Decimal(10), Decimal(50)), (Decimal(2), Decimal(100))))
DEDUCTION = Scoring("deduction", "lower", free=Decimal(1), percent=Decimal(25))
RANK = Scoring("rank", "higher", worst_percent=Decimal(20))
RANK_DOWN = Scoring("rank", "lower")
ALONE = (LINEAR, FALLING, STEPS, STEPS_DOWN, DEDUCTION)
RANKED = (RANK, RANK_DOWN)


def item(name: str, scoring: Scoring, weight: str | dict[str, str], missing: str = "zero") -> SchemeIndicator:
    weights = weight if isinstance(weight, dict) else {"all": weight}
    return SchemeIndicator(
        id=name,
        zh=name,
        en=name,
        section="s",
        unit="percent",
        weights={group: Decimal(points) for group, points in weights.items()},
        source=Source("typed", name),
        scoring=scoring,
        missing=missing,
        reference="x",
        assumption=(),
    )


def scheme(*items: SchemeIndicator, groups: tuple[str, ...] = ("all",), vetoes: tuple[Veto, ...] = ()) -> Scheme:
    return Scheme(
        id="s",
        zh="试",
        en="Trial",
        from_date=dt.date(2015, 1, 1),
        to_date=None,
        reference="x",
        assumption=False,
        note_zh="",
        note_en="",
        places=(Places("county", ()),),
        groups=tuple(PlaceGroup(name, name, name, "county", (), "x", False) for name in groups),
        sections=(Section("s", "s", "s"),),
        indicators=items,
        vetoes=vetoes,
        grades=(Grade("good", "好", "Good", Decimal(80)), Grade("bad", "差", "Bad", Decimal(0))),
    )


def veto(name: str, above: str) -> Veto:
    return Veto(name, name, name, "count", Source("typed", name), Decimal(above), None, "bad", "x", ())
