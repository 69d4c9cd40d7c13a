"""One household as its page shows it: who they are, why they are poor, what came in, what holds, what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiefa.access.rules import Permission
from jiefa.areas.models import Division
from jiefa.assistance.models import ProgrammeRecord
from jiefa.audit.models import Entry
from jiefa.insight.models import Finding
from jiefa.lists.models import ReceivedList
from jiefa.procedures.models import Dossier
from jiefa.registry.cards import TRANSFER_COLUMNS
from jiefa.registry.models import Household, HouseholdYear, Movement
from jiefa.registry.queries import households
from jiefa.registry.queries.households import Member
from jiefa.site import charts
from jiefa.site.address import with_query
from jiefa.site.numerals import MINUS
from jiefa.site.presenters import dossiers, log
from jiefa.site.presenters.households import line_fen
from jiefa.site.reader import Reader

P = Permission


@dataclass(frozen=True)
class Facts:
    """Everything that the page is made of."""

    household: Household
    cards: list[HouseholdYear]
    year: int
    members: list[Member]
    findings: list[Finding]
    movements: list[Movement]
    entries: list[Entry]
    listed: list[ProgrammeRecord]
    editors: Mapping[str, str]
    places: list[Division]
    full: bool
    dossiers: list[Dossier]
    records_changes: bool

    @property
    def card(self) -> HouseholdYear | None:
        return next((card for card in self.cards if card.year == self.year), None)


def context(reader: Reader, facts: Facts) -> dict[str, Any]:
    """The context of the household's page."""
    card = facts.card
    pk = facts.household.pk
    may_see_numbers = reader.actor.may(P.ID_NUMBER_VIEW, facts.household.village_code) and not facts.full
    return {
        "household": _heading(reader, facts, card),
        "year": facts.year,
        "card_years": [
            {"year": c.year, "url": with_query(reader.request, year=c.year), "current": c.year == facts.year}
            for c in facts.cards
        ],
        "members": [_member(reader, member, facts) for member in facts.members],
        "money": _money(reader, card) if card else None,
        "income_chart": _income_chart(reader, facts),
        "conditions": _conditions(reader, card) if card else [],
        "land": _land(card) if card else [],
        "findings": findings(reader, facts.findings),
        "timeline": _timeline(reader, facts),
        **_dossiers(reader, facts),
        "print_url": reader.at(reverse("site:household-print", args=[pk])),
        "actions": _actions(reader, facts),
        "reveal_url": reverse("site:household-numbers", args=[pk]) if may_see_numbers else "",
    }


def _heading(reader: Reader, facts: Facts, card: HouseholdYear | None) -> dict[str, Any]:
    household = facts.household
    status = card.poverty_status if card else household.poverty_status
    last = next((entry for entry in facts.entries), None)
    return {
        "pk": household.pk,
        "number": household.number,
        "head": household.head_name,
        "address": household.address,
        "village": facts.places[-1].name if facts.places else household.village_code,
        "group": household.group_name,
        "places": [
            {"name": place.name, "url": reader.at(reverse("site:area", args=[place.code]))} for place in facts.places
        ],
        "status": status,
        "status_label": reader.label("poverty_status", status),
        "class_label": reader.label("household_class", card.household_class if card else household.household_class),
        "standard_label": reader.label("standard", card.standard) if card else "",
        "cause_label": reader.label("cause", card.main_cause) if card else "",
        "other_causes": [reader.label("cause", c) for c in (card.other_cause_1, card.other_cause_2) if c]
        if card
        else [],
        "kind_label": reader.label("kind", card.kind) if card else "",
        "kind_text": _kind_text(card.kind) if card else "",
        "entered_year": card.entered_year if card else household.entered_year,
        "exited_year": card.exited_year if card else household.exited_year,
        "phone_masked": households.shown_phone(household, facts.full),
        "account_masked": households.shown_account(household, facts.full),
        "updated_at": last.at if last else None,
        "updated_by": log.who(last.by, facts.editors) if last else "",
        "version": household.version,
    }


def _kind_text(kind: str | None) -> str:
    texts = {
        "two_have": _("Able to work and with land, but without a way to earn."),
        "two_cause": _("Poor through illness, disability or schooling."),
        "two_none": _("Nobody able to work and nothing to live on: the guarantee carries them."),
        "two_lack": _("Water, road, skill or funds are lacking."),
    }
    return texts.get(kind or "", "")


def _member(reader: Reader, member: Member, facts: Facts) -> dict[str, Any]:
    person, card = member.person, member.card
    age = max(facts.year - person.birth_date.year, 0) if person.birth_date else None
    insured = None
    if card and (card.resident_medical is not None or card.employee_medical is not None):
        insured = bool(card.resident_medical or card.employee_medical)
    left_on, came = member.membership.left_on, card is None and member.membership.left_on is None
    since = ""
    if left_on and left_on.year >= facts.year:
        since = f"{reader.label('leave_reason', member.membership.left_reason)} {left_on:%Y-%m-%d}"
    elif came and member.membership.joined_on:
        since = f"{reader.label('join_reason', member.membership.joined_reason)} {member.membership.joined_on:%Y-%m-%d}"
    relation = card.relation if card else member.membership.relation if came else None
    return {
        "pk": person.pk,
        "name": person.name,
        "relation": reader.label("relation", relation),
        "sex": reader.label("sex", person.sex),
        "age": age,
        "ethnic": reader.label("ethnic_group", person.ethnic_group),
        "id_masked": households.shown_number(person, facts.full),
        "education": reader.label("education", card.education) if card else "",
        "school": reader.label("school_stage", card.school_stage) if card and card.school_stage != "not_pupil" else "",
        "health": reader.label("health", card.health) if card else "",
        "health_bad": card is not None and card.health not in (None, "healthy"),
        "labour": reader.label("labour", card.labour) if card else "",
        "work": reader.label("work_place", card.work_place) if card else "",
        "months": card.work_months if card else None,
        "insured": insured,
        "left": card is None and left_on is not None,
        "came": came,
        "since": since,
    }


def _money(reader: Reader, card: HouseholdYear) -> dict[str, Any]:
    line, net = line_fen(reader, card.year), card.net_income_per_person_fen
    parts = [
        (_("Wages"), card.wage_income_fen),
        (_("Business"), card.business_income_fen),
        (_("Property"), card.property_income_fen),
        (_("Transfers"), sum(getattr(card, name) or 0 for name in TRANSFER_COLUMNS)),
    ]
    total = sum(fen or 0 for _label, fen in parts)
    return {
        "net_per_person_fen": net,
        "line_fen": line,
        "gap_fen": net - line if net is not None and line is not None else None,
        "parts": [
            {"label": label, "fen": fen, "share": round((fen or 0) * 100 / total) if total else 0}
            for label, fen in parts
        ],
        "cost_fen": card.business_cost_fen,
        "excluded_fen": card.excluded_grants_fen,
        "size": card.size,
    }


def _income_chart(reader: Reader, facts: Facts) -> charts.Chart | None:
    points = [
        charts.IncomePoint(card.year, card.net_income_per_person_fen, line_fen(reader, card.year))
        for card in facts.cards
    ]
    if not points:
        return None
    as_of = dt.date(facts.cards[-1].year, 12, 31)
    frame = charts.Frame("income", _("Net income per person against the line"), "fen", as_of, reader.lang, size="sm")
    return charts.income_against_line(points, frame=frame)


def _conditions(reader: Reader, card: HouseholdYear) -> list[dict[str, Any]]:
    def both(*flags: bool | None) -> bool | None:
        return None if any(flag is None for flag in flags) else all(flags)

    safe_house = None if card.house_danger is None else card.house_danger in ("A", "B")
    water = both(card.water_safe, None if card.water_difficult is None else not card.water_difficult)
    hard_road = None if card.road_type is None else card.road_type in ("cement", "asphalt")
    area = f"{card.house_area_m2:g} m²" if card.house_area_m2 is not None else ""
    grade = reader.label("house_danger", card.house_danger)
    rows = (
        ("house", _("Safe house"), "home", safe_house, " ".join(filter(None, (grade, area)))),
        ("water", _("Safe water"), "droplet", water, reader.label("water_source", card.water_source)),
        ("power", _("Electricity"), "bolt", card.electricity, ""),
        ("road", _("Hard road to the house"), "road", hard_road, reader.label("road_type", card.road_type)),
        ("toilet", _("Sanitary toilet"), "bath", card.sanitary_toilet, ""),
        ("coop", _("Member of a cooperative"), "users", card.cooperative, ""),
    )
    return [
        {
            "id": identity,
            "label": label,
            "icon": icon,
            "ok": ok,
            "value": value,
            "evidence": _("card of {year}").format(year=card.year),
        }
        for identity, label, icon, ok, value in rows
    ]


def _land(card: HouseholdYear) -> list[dict[str, Any]]:
    rows = (
        (_("Cultivated land"), card.cultivated_land_mu),
        (_("Irrigated"), card.irrigated_land_mu),
        (_("Forest"), card.forest_land_mu),
        (_("Orchard"), card.orchard_land_mu),
        (_("Grassland"), card.grass_land_mu),
        (_("Water"), card.water_area_mu),
    )
    return [{"label": label, "value": value, "unit": "mu"} for label, value in rows if value]


def findings(reader: Reader, found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings with their words, remedy and deadline."""
    texts = {text.id: text for text in reader.pack.quality_rules()}
    rows = []
    for finding in found:
        text = texts.get(finding.rule)
        may = reader.actor.may(P.HOUSEHOLD_EDIT, finding.village_code) or reader.actor.may(
            P.FINDING_WAIVE, finding.village_code
        )
        rows.append(
            {
                "pk": finding.pk,
                "rule": finding.rule,
                "level": finding.level,
                "message": reader.words(text.zh, text.en) if text else finding.rule,
                "remedy": reader.words(text.remedy_zh, text.remedy_en) if text else "",
                "deadline": finding.deadline,
                "state": finding.state,
                "waive_url": reverse("site:finding-waive", args=[finding.pk]) if may else "",
            }
        )
    return rows


def violations(reader: Reader, table: pa.Table, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Violations of a card as typed, with the member they are about."""
    texts = {text.id: text for text in reader.pack.quality_rules()}
    rows = []
    for row in sorted(table.to_pylist(), key=lambda row: (row["level"], row["rule"])):
        text = texts[row["rule"]]
        who = names.get(row["person_id"], "") if row["person_id"] else ""
        message = reader.words(text.zh, text.en)
        rows.append(
            {
                "pk": None,
                "rule": row["rule"],
                "level": row["level"],
                "message": f"{who}：{message}" if who else message,
                "remedy": reader.words(text.remedy_zh, text.remedy_en),
                "deadline": None,
                "state": "open",
                "waive_url": "",
            }
        )
    return rows


def _timeline(reader: Reader, facts: Facts) -> list[dict[str, Any]]:
    events: list[tuple[dt.date, dict[str, Any]]] = []
    names = {str(member.person.pk): member.person.name for member in facts.members}
    for movement in facts.movements:
        what = reader.label("movement", movement.kind)
        detail = _("{people} people").format(people=f"{movement.people:+d}".replace("-", MINUS))
        tone = "good" if movement.kind == "exited" else "plain"
        events.append((movement.on, {"at": movement.on, "what": what, "by": "", "detail": detail, "tone": tone}))
    for entry in facts.entries:
        shown = {
            "at": entry.at,
            "what": log.action_label(entry.action),
            "by": log.who(entry.by, facts.editors),
            "detail": "",
            "changes": log.changes(reader, entry, names),
            "tone": "plain",
        }
        events.append((entry.at.date(), shown))
    events += [_by_list(reader, facts, case, case.of_list) for case in facts.listed if case.of_list]
    return [event for _day, event in sorted(events, key=lambda pair: pair[0], reverse=True)]


def _by_list(
    reader: Reader, facts: Facts, case: ProgrammeRecord, brought: ReceivedList
) -> tuple[dt.date, dict[str, Any]]:
    """That a list put a case on file or carried it on: the log has one entry a county, the case itself names the list."""
    assert brought.decided_at is not None
    programme = reader.pack.programmes.get(case.programme)
    name = reader.words(programme.zh, programme.en) if programme else case.programme
    parts = [name, case.person.name if case.person else "", str(case.year)]
    said = _("list no. {number}, {file}").format(number=brought.pk, file=brought.file_name)
    shown = {
        "at": brought.decided_at,
        "what": _("Help put on file or carried on by a list"),
        "by": log.who(brought.decided_by, facts.editors),
        "detail": " · ".join([*(part for part in parts if part), said]),
        "tone": "plain",
    }
    return brought.decided_at.date(), shown


def _dossiers(reader: Reader, facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """The dossiers about the household, changes of it apart from procedures about its status."""
    names = {place.code: place.name for place in facts.places}
    rows = [dossiers.row(reader, found, names, timezone.localdate()) for found in facts.dossiers]
    return {"dossiers": [row for row in rows if not row["what"]], "changes": [row for row in rows if row["what"]]}


def _actions(reader: Reader, facts: Facts) -> list[dict[str, Any]]:
    pk, place = facts.household.pk, facts.household.village_code
    made: list[dict[str, Any]] = []
    if facts.records_changes:
        url = reverse("site:household-changes", args=[pk])
        made.append({"label": _("Record a change"), "url": url, "icon": "users", "primary": False})
    if reader.actor.may(P.HOUSEHOLD_EDIT, place) and facts.card is not None:
        url = reader.at(reverse("site:household-edit", args=[pk]))
        made.append({"label": _("Edit the card"), "url": url, "icon": "edit", "primary": True})
    return made
