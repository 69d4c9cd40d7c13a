"""Independent evaluations: one county's sample of its frozen register, asked, handed over, one finding rebutted by the county; another
sample of the same county still in the field, half of its sheets answered.

Answers are made up from the sheet's own number: nearly everybody lives as the register says, a few do not, some are away. The hand-over
and the rebuttal are of today, so that their days are not over before anybody sees them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from jiefa import sheets, snapshots
from jiefa.access.queries import Actor, holder
from jiefa.access.rules import Role
from jiefa.demo import history
from jiefa.evaluation.actions import drawing, fieldwork, handing, rebutting
from jiefa.evaluation.actions.drawing import Order
from jiefa.evaluation.models import DrawnHousehold, Replacement, Sample
from jiefa.evaluation.queries import results, samples
from jiefa.evaluation.rules.drawing import Part, number
from jiefa.evaluation.rules.judging import Measure
from jiefa.policy import Pack
from jiefa.registry.models import Household
from jiefa.sheets.forms import specs_of

PROVINCE, COUNTY = "52", "520324"
EVALUATOR = "evaluator"
SEED, SEED_IN_FIELD = 2015, 2016
UNLIKE = {Part.EXITED: 0.01, Part.POOR: 0.03, Part.OUTSIDE: 0.01}
"""In what share of the sheets of each part the field differs from the register; in one at least."""
AWAY, SILENT, UNHAPPY = 0.02, 0.03, 0.05
"""Shares of sheets: nobody at home, no word on the work of the office, and one against it."""
WELL_FEN, POOR_FEN, SPREAD = 560_000, 150_000, 400_000
"""Income from which a household that is well off begins, and one that is not; yuan by hundreds."""
ANSWERED_IN_FIELD = 0.5
WHY = "入户复核：住房已于上年完成危房改造并验收，收入漏算务工工资，附入户核查记录和验收表。"


def evaluate(until: int, folder: Path, pack: Pack) -> None:
    """The sample of the last year, from the newest snapshot of that year."""
    on = timezone.localdate()
    province = holder("zhao", [(Role.PROVINCE_OFFICER, PROVINCE)])
    by = holder(EVALUATOR, [(Role.EVALUATOR, COUNTY)])
    snapshot = snapshots.latest(Path(settings.JIEFA_HOME), until)
    folder.mkdir(parents=True, exist_ok=True)

    def asked(seed: int, share: float) -> Sample:
        """A sample drawn, with the first sheets replaced and a share of all answered."""
        order = Order(COUNTY, drawing.usual(pack, until, {}), EVALUATOR, seed)
        made = drawing.draw(order=order, snapshot=snapshot, pack=pack, by=province)
        _replace(made, by)
        said = list(_answers(made))
        if said:
            file = _filled(made, folder / f"answers-{made.pk}.xlsx", said[: math.ceil(len(said) * share)], pack)
            fieldwork.take_answers(number=made.pk, file=file, pack=pack, by=by)
        return made

    made = asked(SEED, 1)
    fieldwork.print_sheets(number=made.pk, file=folder / "sheets.xlsx", pack=pack, by=by)
    handing.hand_over(number=made.pk, note="演示数据，答卷为虚构", by=by, on=on, pack=pack)
    _rebut(made, on, pack)
    asked(SEED_IN_FIELD, ANSWERED_IN_FIELD)


def _replace(made: Sample, by: Actor) -> None:
    """The first sheet of each village and part in which somebody stands in reserve, until enough are replaced."""
    reserve = {(one.village_id, one.part) for one in made.households.filter(reserve=True)}
    gone: dict[tuple[int, str], DrawnHousehold] = {}
    for one in samples.in_the_field(made):
        if (one.village_id, one.part) in reserve:
            gone.setdefault((one.village_id, one.part), one)
    for one, reason in zip(gone.values(), (Replacement.Reason.AWAY, Replacement.Reason.MOVED), strict=False):
        fieldwork.replace(number=made.pk, sheet=one.sheet, reason=reason, by=by)


def _filled(made: Sample, file: Path, answers: Sequence[Mapping[str, object]], pack: Pack) -> Path:
    (spec,) = specs_of(pack, pack.form(fieldwork.FORM), made.year)
    rows = ([said.get(column.id) for column in spec.columns] for said in answers)
    sheets.stream_xlsx(rows, spec.columns, file, sheet_name=spec.zh)
    return file


def _answers(made: Sample) -> Iterator[Mapping[str, object]]:
    """What was found, by sheet; nothing of a household that was away."""
    drawn = list(samples.in_the_field(made))
    keys = [one.household_id for one in drawn if one.household_id is not None]
    people = dict(Household.objects.filter(pk__in=keys).values_list("pk", "size"))
    parts = Counter(one.part for one in drawn)
    unlike: Counter[str] = Counter()
    for one in sorted(drawn, key=lambda one: _luck(one, "unlike")):
        if _luck(one, "away") < AWAY:
            continue
        part = Part(one.part)
        differs = unlike[part] < max(1, round(UNLIKE[part] * parts[part]))
        unlike[part] += differs
        poor = differs != (part is Part.POOR)
        size = people.get(one.household_id or 0) or 2 + int(_luck(one, "people") * 4)
        income = (POOR_FEN if poor else WELL_FEN) + int(_luck(one, "income") * SPREAD * (0.25 if poor else 1))
        silent = _luck(one, "silent") < SILENT
        yield {
            "sheet": one.sheet,
            "visited_on": dt.date(made.year + 1, 1, 5 + int(_luck(one, "day") * 20)),
            "people": size,
            "income": income // 100 * 100,
            **dict.fromkeys(fieldwork.FLAGS, True),
            "housing": not (poor and _luck(one, "housing") < 0.5),
            "satisfied": None if silent else _luck(one, "satisfied") >= UNHAPPY,
        }


def _luck(one: DrawnHousehold, what: str) -> float:
    return number(SEED, what, one.sheet)


def _rebut(made: Sample, on: dt.date, pack: Pack) -> None:
    """The county's rebuttal of a household said to be wrongly exited, with its evidence, waiting for the province."""
    found = results.discrepancies(made, pack)
    if not found:
        return
    one = next((each for each in found if each.measure is Measure.WRONGLY_EXITED), found[0])
    by = holder("wang", [(Role.COUNTY_OFFICER, COUNTY)])
    dossier = rebutting.propose(number=made.pk, sheet=one.sheet, why=WHY, by=by, on=on, pack=pack)
    offices = history.offices_of((COUNTY,))
    history.walk(
        procedure=rebutting.PROCEDURE,
        keys=[dossier.pk],
        offices=offices,
        begins=on,
        pack=pack,
        facts={},
        stops_at="decision",
    )
