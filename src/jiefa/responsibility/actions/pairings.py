"""Units paired with places, and the book of each pairing: promises and what really came. A correction is a further line."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from jiefa.access.queries import Actor
from jiefa.access.rules import Permission
from jiefa.areas import queries as areas
from jiefa.audit import actions as audit
from jiefa.audit.actions import Said
from jiefa.kernel.division_codes import is_inside
from jiefa.kernel.errors import Words
from jiefa.policy import Pack
from jiefa.responsibility.actions import people as entering
from jiefa.responsibility.actions.checks import all_or_none, check_day, check_serving
from jiefa.responsibility.models import Arrival, Commitment, Organisation, Pairing
from jiefa.responsibility.queries import people
from jiefa.responsibility.rules import pairings as rules
from jiefa.responsibility.rules import refusals

P = Permission


@dataclass(frozen=True, slots=True)
class NewPairing:
    """A unit, made where it is not yet there, or one leader of it, to be paired with a place from a day on."""

    organisation: str
    organisation_kind: str
    seat: str
    kind: str
    area_code: str
    on: dt.date
    leader_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewCommitment:
    """What is promised within a pairing; with ``corrects`` and a reason instead of an earlier line."""

    pairing_id: int
    on: dt.date
    form: str
    what: str
    amount_fen: int
    due: dt.date | None = None
    corrects: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewArrival:
    """What came to a place within a pairing ('': the paired place itself); with ``corrects`` instead of an earlier line."""

    pairing_id: int
    on: dt.date
    form: str
    what: str
    amount_fen: int
    source: str
    area_code: str = ""
    voucher: str = ""
    corrects: int | None = None
    reason: str = ""


def pair_many(*, pairings: Sequence[NewPairing], by: Actor, pack: Pack) -> int:
    """How many pairings are new, all or none; what is paired already stays. One entry per county.

    Raises ``NotAllowed``, ``DayToCome``, ``PlaceUnfit``, ``LeaderMissing``, ``OrganisationUnknown``, ``CadreUnknown``,
    ``CadreNotServing``, ``ChangedMeanwhile``.
    """
    for area in sorted({one.area_code for one in pairings}):
        by.demand(P.PAIRING_RECORD, area)
    for on in {one.on for one in pairings}:
        check_day(on)
    _check_places(pairings, pack)
    for on in sorted({one.on for one in pairings if one.leader_id is not None}):
        own = {one.leader_id for one in pairings if one.on == on and one.leader_id is not None}
        check_serving(own, on, by, P.PAIRING_RECORD)
    with all_or_none():
        units = _units(pairings, by)
        known = _open_pairings({unit.pk for unit in units.values()})
        made: dict[tuple[int, int | None, str, str], Pairing] = {}
        for one in pairings:
            unit = units[one.seat, one.organisation]
            key = (unit.pk, one.leader_id, one.area_code, one.kind)
            if key not in known:
                made[key] = Pairing(
                    organisation=unit,
                    leader_id=one.leader_id,
                    area_code=one.area_code,
                    kind=one.kind,
                    from_date=one.on,
                    by=by.name,
                )
        Pairing.objects.bulk_create(made.values(), batch_size=2_000)
        _log("organisation.paired", "pairing", [(row.area_code, row.pk) for row in made.values()], by.name)
    return len(made)


@all_or_none()
def end(*, pairing_id: int, on: dt.date, by: Actor) -> Pairing:
    """The pairing that holds no longer from that day on; its book stays. Raises ``PairingUnknown``, ``PairingEnded``, ``BeforePairing``."""
    check_day(on)
    found = _pairings({pairing_id}, by)[pairing_id]
    unit = found.organisation.name
    if found.to_date is not None:
        raise refusals.PairingEnded(organisation=unit, place=_place(found.area_code), ends=found.to_date)
    if on < found.from_date:
        raise refusals.BeforePairing(on=on, organisation=unit, begins=found.from_date)
    found.to_date, found.ended_by = on, by.name
    found.save(force_update=True, update_fields=["to_date", "ended_by"])
    _log("pairing.ended", "pairing", [(found.area_code, found.pk)], by.name)
    return found


def promise_many(*, commitments: Sequence[NewCommitment], by: Actor, of_list: str = "") -> int:
    """How many promises were written down, all or none.

    Raises ``NotAllowed``, ``DayToCome``, ``PairingUnknown``, ``PairingEnded``, ``AmountMissing``, ``ReasonMissing``,
    ``CorrectedBefore``, ``ListLoaded``.
    """
    if of_list and Commitment.objects.filter(of_list=of_list).exists():
        raise refusals.ListLoaded(file=of_list[:12])
    found = _pairings({one.pairing_id for one in commitments}, by)
    for one in commitments:
        pairing = found[one.pairing_id]
        _check_line(one)
        if pairing.to_date is not None and one.corrects is None:
            place = _place(pairing.area_code)
            raise refusals.PairingEnded(organisation=pairing.organisation.name, place=place, ends=pairing.to_date)
    now = timezone.now()
    with all_or_none():
        _check_corrected(Commitment, commitments)
        rows = [
            Commitment(
                pairing=found[one.pairing_id],
                on=one.on,
                form=one.form,
                what=one.what.strip()[:200],
                amount_fen=one.amount_fen,
                due=one.due,
                corrects_id=one.corrects,
                reason=one.reason.strip()[:200],
                of_list=of_list,
                by=by.name,
                at=now,
            )
            for one in commitments
        ]
        Commitment.objects.bulk_create(rows, batch_size=2_000)
        _log("pairing.promised", "commitment", [(row.pairing.area_code, row.pk) for row in rows], by.name, of_list)
    return len(rows)


def arrive_many(*, arrivals: Sequence[NewArrival], by: Actor, of_list: str = "") -> int:
    """How many arrivals were written down, all or none.

    Raises ``NotAllowed``, ``DayToCome``, ``PairingUnknown``, ``BeforePairing``, ``ArrivalOutside``, ``AmountMissing``,
    ``ReasonMissing``, ``CorrectedBefore``, ``ListLoaded``.
    """
    if of_list and Arrival.objects.filter(of_list=of_list).exists():
        raise refusals.ListLoaded(file=of_list[:12])
    found = _pairings({one.pairing_id for one in arrivals}, by)
    for one in arrivals:
        pairing = found[one.pairing_id]
        _check_line(one)
        if one.on < pairing.from_date:
            name = pairing.organisation.name
            raise refusals.BeforePairing(on=one.on, organisation=name, begins=pairing.from_date)
        if one.area_code and not is_inside(one.area_code, pairing.area_code):
            raise refusals.ArrivalOutside(place=one.area_code, paired=pairing.area_code)
        if one.form == rules.MONEY and one.amount_fen and not one.voucher.strip():
            raise refusals.AmountMissing(what=one.what)
    now = timezone.now()
    with all_or_none():
        _check_corrected(Arrival, arrivals)
        rows = [
            Arrival(
                pairing=found[one.pairing_id],
                on=one.on,
                form=one.form,
                what=one.what.strip()[:200],
                amount_fen=one.amount_fen,
                area_code=one.area_code or found[one.pairing_id].area_code,
                source=one.source,
                voucher=one.voucher.strip()[:60],
                corrects_id=one.corrects,
                reason=one.reason.strip()[:200],
                of_list=of_list,
                by=by.name,
                at=now,
            )
            for one in arrivals
        ]
        Arrival.objects.bulk_create(rows, batch_size=2_000)
        _log("pairing.arrived", "arrival", [(row.area_code, row.pk) for row in rows], by.name, of_list)
    return len(rows)


def _check_places(pairings: Sequence[NewPairing], pack: Pack) -> None:
    codes = sorted({one.area_code for one in pairings})
    named: dict[str, str] = {}
    for first in range(0, len(codes), people.AT_ONCE):
        named |= areas.named(codes[first : first + people.AT_ONCE])
    labels = pack.codes("pairing_kind").by_id
    for one in pairings:
        kind = Words.of(labels[one.kind])
        if one.area_code not in named or not rules.fits(one.kind, one.area_code):
            raise refusals.PlaceUnfit(kind=kind, place=named.get(one.area_code, "—"), code=one.area_code)
        if (one.kind == rules.LEADER) != (one.leader_id is not None):
            raise refusals.LeaderMissing(kind=kind, place=named[one.area_code])


def _units(pairings: Sequence[NewPairing], by: Actor) -> dict[tuple[str, str], Organisation]:
    """By seat and name; new ones are made where the actor keeps pairings, elsewhere they must be on file."""
    wanted = {(one.seat, one.organisation): one.organisation_kind for one in pairings}
    within = by.demand(P.PAIRING_RECORD)
    found = entering.units_of({key: kind for key, kind in wanted.items() if within.covers(key[0])})
    names = sorted({name for seat, name in wanted if (seat, name) not in found})
    for first in range(0, len(names), people.AT_ONCE):
        rows = people.organisations(within).filter(name__in=names[first : first + people.AT_ONCE])
        found |= {(unit.area_code, unit.name): unit for unit in rows}
    if set(wanted) - set(found):
        raise refusals.OrganisationUnknown
    return found


def _open_pairings(organisations: set[int]) -> set[tuple[int, int | None, str, str]]:
    rows = Pairing.objects.filter(to_date__isnull=True, organisation__in=organisations)
    return set(rows.values_list("organisation_id", "leader_id", "area_code", "kind"))


def _pairings(keys: set[int], by: Actor) -> dict[int, Pairing]:
    """The pairings that the actor keeps the book of. Raises ``PairingUnknown``: whether it exists elsewhere is not to be known."""
    within = by.demand(P.PAIRING_RECORD)
    found: dict[int, Pairing] = {}
    wanted = sorted(keys)
    for first in range(0, len(wanted), people.AT_ONCE):
        part = Pairing.objects.select_related("organisation").filter(pk__in=wanted[first : first + people.AT_ONCE])
        found |= {one.pk: one for one in part}
    for key in wanted:
        if key not in found or not within.covers(found[key].area_code):
            raise refusals.PairingUnknown(organisation="—", place=key)
    return found


def _check_line(line: NewCommitment | NewArrival) -> None:
    check_day(line.on)
    withdrawn = line.corrects is not None and line.amount_fen == 0
    if (
        not line.what.strip()
        or line.amount_fen < 0
        or (line.form == rules.MONEY and not line.amount_fen and not withdrawn)
    ):
        raise refusals.AmountMissing(what=line.what)
    if (line.corrects is not None) != bool(line.reason.strip()):
        raise refusals.ReasonMissing(what=line.what)


def _check_corrected(
    model: type[Commitment] | type[Arrival], lines: Sequence[NewCommitment] | Sequence[NewArrival]
) -> None:
    """Nothing where each corrected line is the last word of the same pairing. Raises ``CorrectedBefore``."""
    wanted = {one.corrects: one for one in lines if one.corrects is not None}
    if not wanted:
        return
    rows = model.objects.filter(pk__in=wanted, corrected__isnull=True)
    standing = dict(rows.values_list("pk", "pairing_id"))
    for key, line in wanted.items():
        if standing.get(key) != line.pairing_id:
            raise refusals.CorrectedBefore(what=line.what)


def _place(code: str) -> str:
    return areas.named([code]).get(code, code)


def _log(action: str, about: str, rows: Sequence[tuple[str, int]], by: str, of_list: str = "") -> None:
    """One entry per county: which rows, of which places; what was promised and what came stands in the rows themselves."""
    by_chain: dict[str, list[list[object]]] = defaultdict(list)
    for area, key in rows:
        by_chain[area[:6] if len(area) >= 6 else "system"].append([area, key])
    audit.record_many(
        [
            Said(
                chain=chain,
                by=by,
                action=action,
                object_type=about,
                object_id=own[0][1] if len(own) == 1 else f"{own[0][1]}+{len(own) - 1}",
                diff=_diff(own, of_list),
            )
            for chain, own in sorted(by_chain.items())
        ]
    )


def _diff(own: Sequence[Sequence[object]], of_list: str) -> Mapping[str, object]:
    return {"lines": own, **({"list": of_list} if of_list else {})}
