"""Which samples somebody may see, and the sheets of one: where each household is to be found, and nothing of what the register says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jiefa.access.queries import Actor, gate
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.evaluation.models import DrawnHousehold, DrawnVillage, Replacement, Sample
from jiefa.kernel.errors import JiefaError
from jiefa.registry.models import Household


class SampleUnknown(JiefaError):
    code = "evaluation.sample_unknown"
    zh = "没有您可以看的第 {number} 号样本。评估员只能看自己的样本，用 jiefa sample list 查看。"
    en = "There is no sample number {number} that you may see. Evaluators see their own alone: jiefa sample list."


class SheetUnknown(JiefaError):
    code = "evaluation.sheet_unknown"
    zh = "样本 {number} 里没有第 {sheet} 号表，或它已被替换、还是备用户。请核对表号。"
    en = "Sample {number} has no sheet {sheet}, or it was replaced, or is still in reserve. Check the number of the sheet."


@dataclass(frozen=True)
class Sheet:
    """What leads to a household: its head's name and address where it is on file, else its position on the village's list."""

    sheet: int
    village_code: str
    village: str
    group: str
    address: str
    head: str
    position: int | None


def samples(by: Actor) -> QuerySet[Sample]:
    """Those of one's own, all of one's area for whoever orders evaluations, and for who reads results those handed over that drew a
    village of one's area; the newest first. Raises ``NotAllowed``."""
    if not (by.may(Permission.EVALUATION_ORDER) or by.may(Permission.EVALUATION_CARRY)):
        by.demand(Permission.EVALUATION_VIEW)
    own = gate(Sample.objects.filter(evaluator=by.name), by.scope(Permission.EVALUATION_CARRY), "area_code")
    ordered = gate(Sample.objects.all(), by.scope(Permission.EVALUATION_ORDER), "area_code")
    handed = DrawnVillage.objects.filter(sample__handed_over__isnull=False)
    told = gate(handed, by.scope(Permission.EVALUATION_VIEW)).values("sample")
    seen = Q(pk__in=own.values("pk")) | Q(pk__in=ordered.values("pk")) | Q(pk__in=told)
    return Sample.objects.filter(seen).select_related("handed_over").order_by("-pk")


def sample(number: int, by: Actor) -> Sample:
    """One of ``samples``. Raises ``SampleUnknown``."""
    found = samples(by).filter(pk=number).first()
    if found is None:
        raise SampleUnknown(number=number)
    return found


def openable(numbers: Collection[int], by: Actor) -> frozenset[int]:
    """Which of these samples the actor may open; none for who may see no sample. One query at most."""
    rights = (Permission.EVALUATION_ORDER, Permission.EVALUATION_CARRY, Permission.EVALUATION_VIEW)
    if not numbers or not any(by.may(right) for right in rights):
        return frozenset()
    return frozenset(samples(by).filter(pk__in=sorted(numbers)).values_list("pk", flat=True))


def carried(number: int, by: Actor) -> Sample:
    """A sample that one works with in the field: one's own. Raises ``NotAllowed``, ``SampleUnknown``."""
    by.demand(Permission.EVALUATION_CARRY)
    found = sample(number, by)
    # The operator of the machine may stand in for an evaluator.
    if by.user is not None and found.evaluator != by.name:
        raise SampleUnknown(number=number)
    return found


def in_the_field(of: Sample) -> QuerySet[DrawnHousehold]:
    """The households that are to be asked now: drawn or come in place of another, and not replaced themselves; by sheet."""
    return in_the_field_of([of]).order_by("sheet")


def in_the_field_of(several: Sequence[Sample]) -> QuerySet[DrawnHousehold]:
    """The same of several samples, by sample and sheet."""
    asked = Q(reserve=False) | Q(stands_for__isnull=False)
    rows = DrawnHousehold.objects.filter(asked, sample__in=several, replaced__isnull=True)
    return rows.select_related("village").order_by("sample", "sheet")


def concluded_in(codes: Sequence[str], year: int) -> dict[str, Sample]:
    """By place its newest sample of a year that was handed over. One query."""
    rows = Sample.objects.filter(area_code__in=codes, year=year, handed_over__isnull=False)
    return {one.area_code: one for one in rows.order_by("pk")}


def on_sheet(of: Sample, sheet: int) -> DrawnHousehold:
    """The household of a sheet that is in the field. Raises ``SheetUnknown``."""
    found = in_the_field(of).filter(sheet=sheet).first()
    if found is None:
        raise SheetUnknown(number=of.pk, sheet=sheet)
    return found


def sheets(of: Sample) -> list[Sheet]:
    """The sheets in the field, by number."""
    drawn = list(in_the_field(of))
    known = Household.objects.in_bulk([one.household_id for one in drawn if one.household_id is not None])
    names = areas.named(sorted({one.village.village_code for one in drawn}))
    return [_sheet(one, known.get(one.household_id or 0), names) for one in drawn]


def _sheet(one: DrawnHousehold, household: Household | None, names: dict[str, str]) -> Sheet:
    code = one.village.village_code
    told = ("", "", "") if household is None else (household.group_name, household.address, household.head_name)
    return Sheet(one.sheet, code, names.get(code, code), *told, one.position)


def replacements(of: Sample) -> QuerySet[Replacement]:
    """The log of households replaced, in order."""
    return Replacement.objects.filter(gone__sample=of).select_related("gone", "instead").order_by("pk")
