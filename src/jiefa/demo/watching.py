"""Whether the money of the demonstration is safe: the contracts of the three pilots, the townships of concentrated investment, the
self-inspection of 2015 with what it found, supervision groups and some cases. Heads, findings and cases are made up.

The groups are those of every township; what they write is about nobody.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from django.db.models import Sum

from jiefa.access import queries as access
from jiefa.access.queries import Actor, gate, holder
from jiefa.access.rules import Role, Scope
from jiefa.areas import queries as areas
from jiefa.areas.models import DesignationKind
from jiefa.casework import actions as casework
from jiefa.casework import lists
from jiefa.contracts.actions import settling, signing
from jiefa.contracts.models import Contract
from jiefa.demo import history, reference
from jiefa.demo.help_lists import YEAR
from jiefa.demo.papers import paper
from jiefa.demo.targets import scaled
from jiefa.funds.actions import orders
from jiefa.funds.models import OrderKind, Transfer
from jiefa.funds.rules import rows as rules
from jiefa.funds.rules.rows import HOLDER, SOURCE, WORLD, NewTransfer, OriginKey, Party
from jiefa.integrity.actions import campaigns, cases, groups, violations
from jiefa.integrity.actions.campaigns import NewAnswer, NewCampaign
from jiefa.integrity.actions.cases import NewCase
from jiefa.integrity.actions.groups import NewWatch
from jiefa.integrity.actions.violations import NewViolation
from jiefa.integrity.models import Campaign, Offices, Violation
from jiefa.kernel import money
from jiefa.kernel.division_codes import Level
from jiefa.policy import Pack
from jiefa.procedures import actions as procedures
from jiefa.procedures.models import Dossier
from jiefa.procedures.rules import Decision
from jiefa.registry.models import Movement

PROVINCE, COUNTY, TOWNSHIP = "52", "520324", "520324103"
PRICE_FEN = 2_400_00
"""Made up: the lump sum for one who leaves poverty."""
SIGNED, PAID, SETTLED = dt.date(YEAR, 2, 10), dt.date(YEAR, 4, 20), dt.date(2016, 1, 15)
CONTRACTED_PERCENT = (108, 100, 94)
"""Of the heads that really left in each pilot: one fell short, one came out even, one did better."""
LUMP = OriginKey("central", "development", YEAR, PROVINCE)
TARGET_FEN = 10_000_000_00
LIST_DOCUMENT = f"黔扶领〔{YEAR}〕3号"
WATCHED_SINCE = dt.date(2014, 6, 1)
TOWNSHIPS_A_GROUP = 4
BEGUN, ANSWERED, DUE = dt.date(YEAR, 4, 1), dt.date(YEAR, 5, 20), dt.date(YEAR, 9, 30)
FOUND = (
    ("diverted", "培训经费用于办公开支"),
    ("idle_one_year", "项目资金滞留一年以上"),
    ("paid_twice", "危房改造补助重复发放"),
    ("untendered", "通村路项目未按规定招标"),
    ("favoured", "补助对象确定未经评议"),
    ("fraud", "虚报养殖数量套取补助"),
    ("no_benefit_link", "资金投向企业未建立利益联结"),
    ("false_spending", "虚列会议支出"),
)
TEXTS = (
    ("letter", "office", "村集体收入管理", "来信反映集体收入不公开，请核查账目和公示。"),
    ("round", "project", "2015-033", "巡查发现通组路路面起砂，核对验收资料。"),
    ("hotline", "village", "补助发放", "电话反映补助未足额到户，走访核对一卡通流水。"),
)


def watch(scale: float, until: int, folder: Path, pack: Pack) -> None:
    """All of it for 2015 that reads the snapshot of the year or changes nothing that it holds; nothing before."""
    if until < YEAR:
        return
    _settle(list(Contract.objects.order_by("pk")[:2]), pack)
    _concentrated(scale, folder, pack)
    _groups()
    campaign = _inspection(pack)
    _found(campaign, scale, pack)
    _cases(pack)


def contract(pack: Pack) -> None:
    """The contracts of 2015, signed and paid in full, before the snapshot of the year that holds their money."""
    pilots = areas.designated(DesignationKind.CONTRACT_PILOT)
    by = holder("demo-province-1", [(Role.PROVINCE_OFFICER, PROVINCE)])
    offices = history.offices_of(tuple(county.code for county in reference.counties()))
    made = []
    for number, (county, percent) in enumerate(zip(pilots, CONTRACTED_PERCENT, strict=False), start=1):
        left = _left(county)
        terms = signing.Terms(
            area_code=county,
            from_year=YEAR,
            to_year=YEAR,
            heads=max(1, left * percent // 100),
            unit_price_fen=PRICE_FEN,
            source=LUMP.source,
            fund_type=LUMP.type,
            document=f"黔扶领包干〔{YEAR}〕{number}号",
        )
        dossier = signing.propose(terms=terms, by=by, on=SIGNED, pack=pack)
        history.walk(
            procedure=signing.PROCEDURE, keys=[dossier.pk], offices=offices, begins=SIGNED, pack=pack, facts={}
        )
        made.append(Contract.objects.get(dossier=dossier))
    if not made:
        return
    _pay(made, pack)


def _left(county: str) -> int:
    """The heads that left in the county in the year, less those that fell back."""
    moved = gate(Movement.objects.filter(year=YEAR, person__isnull=True), Scope((county,)))
    heads = dict(moved.values_list("kind").annotate(heads=Sum("people")).order_by())
    return max(1, -int(heads.get("exited") or 0) - int(heads.get("returned") or 0))


def _pay(made: Sequence[Contract], pack: Pack) -> None:
    source, office = Party(SOURCE, PROVINCE), Party(HOLDER, PROVINCE)
    whole, purpose = sum(one.amount_fen for one in made), "lump_sum"
    moves = [
        NewTransfer(WORLD, source, LUMP, whole, SIGNED, purpose, "黔财农包干", f"{PROVINCE}/B1"),
        NewTransfer(source, office, LUMP, whole, SIGNED, purpose, "黔财农包干", f"{PROVINCE}/B2"),
    ]
    moves += [
        NewTransfer(
            payer=office,
            receiver=Party(HOLDER, one.area_code),
            origin=LUMP,
            amount_fen=one.amount_fen,
            on=PAID,
            purpose=purpose,
            document=one.document,
            key=f"{PROVINCE}/B{number}",
        )
        for number, one in enumerate(made, start=3)
    ]
    by = holder("zhao", [(Role.PROVINCE_OFFICER, PROVINCE)])
    payer = holder("feng", [(Role.FINANCE_OFFICER, PROVINCE)])
    order = orders.propose(kind=OrderKind.TRANSFERS, title="减贫包干资金", rows=rules.table(moves), by=by, pack=pack)
    orders.confirm(order_id=order.pk, by=payer, pack=pack)


def _settle(made: Sequence[Contract], pack: Pack) -> None:
    """Two brought to settlement: money of the first is to go back, the second waits for its prefecture."""
    if not made:
        return
    first, *others = made
    for one in others:
        by = holder("demo-county-1", [(Role.COUNTY_OFFICER, one.area_code)])
        dossier = settling.propose(contract_id=one.pk, explanation="", by=by, on=SETTLED, pack=pack)
        _take(dossier, by, SETTLED, pack)
    posts = ((Role.COUNTY_OFFICER, 6), (Role.PREFECTURE_OFFICER, 4), (Role.PROVINCE_OFFICER, 2))
    officers = [holder(f"demo-{role.value}", [(role, first.area_code[:digits])]) for role, digits in posts]
    reason = "部分搬迁户年底前未完成验收，未退出"
    dossier = settling.propose(contract_id=first.pk, explanation=reason, by=officers[0], on=SETTLED, pack=pack)
    for by in officers:
        _take(dossier, by, SETTLED, pack)
    settled = Contract.objects.get(pk=first.pk).settlement
    if settled.claw_back_fen:
        settling.propose_return(settlement_id=settled.pk, on=SETTLED, by=officers[2], pack=pack)


def _take(dossier: Dossier, by: Actor, on: dt.date, pack: Pack, kind: str = "approve") -> None:
    dossier.refresh_from_db()
    version = pack.procedure(dossier.procedure, on)
    step = version.by_id[dossier.step]
    for evidence in step.evidence:
        procedures.lay_in(
            dossier_id=dossier.pk, kind=evidence, name=f"{step.zh}.pdf", content=paper(step.en), by=by, pack=pack
        )
    decision = Decision(kind, by.name, by.posts, on, "" if kind == "approve" else "经核查不属实")
    casework.decide(dossier=dossier, version=None, decision=decision, by=by, key=f"demo-{dossier.version}", pack=pack)


def _concentrated(scale: float, folder: Path, pack: Pack) -> None:
    """The list of the townships that the money went to, and some of what departments spent by themselves, as an office sends them in."""
    got = Transfer.objects.filter(purpose="concentrated", to_account__kind="holder", origin__source="central")
    codes = sorted({code for code in got.values_list("to_code", flat=True) if len(code) == len(TOWNSHIP)})
    if not codes:
        return
    by = access.operator((PROVINCE,))
    target = money.yuan_from_fen(scaled(TARGET_FEN, scale))
    _send(
        folder / "townships.csv",
        "concentrated_townships",
        ("年度", "乡镇代码", "投入目标", "文号"),
        [(YEAR, code, target, LIST_DOCUMENT) for code in codes],
        by,
        pack,
    )
    own = [
        (
            YEAR,
            code,
            f"省直部门{place + 1:03d}",
            "学校和卫生室维修",
            money.yuan_from_fen((place + 1) * 1_250_00),
            f"BM{place:03d}",
        )
        for place, code in enumerate(codes[::5])
    ]
    _send(
        folder / "departments.csv",
        "department_money",
        ("年度", "乡镇代码", "部门", "内容", "金额", "凭证号"),
        own,
        by,
        pack,
    )


def _send(path: Path, kind: str, head: Sequence[str], rows: Sequence[Sequence[object]], by: Actor, pack: Pack) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])
    done = lists.load(file=path, name=path.name, kind=kind, by=by, pack=pack)
    assert done.held_back == 0, kind


def _groups() -> None:
    """A group for every few townships of a county, headed from the county."""
    watches = []
    townships = areas.codes_under(PROVINCE, Level.TOWNSHIP)
    for _county, own in groupby(townships, key=lambda code: code[:6]):
        watches += [
            NewWatch(f"第{place // TOWNSHIPS_A_GROUP + 1}监督组", code, "县纪委副书记", "乡镇纪委书记", WATCHED_SINCE)
            for place, code in enumerate(own)
        ]
    groups.form_many(watches=watches, by=holder("demo-discipline", [(Role.SUPERVISOR, PROVINCE)]))


def _inspection(pack: Pack) -> Campaign:
    """The self-inspection of the money of 2013 and 2014: most counties have answered, of Zheng'an's townships some."""
    by = holder("demo-province-1", [(Role.PROVINCE_OFFICER, PROVINCE)])
    wish = NewCampaign(
        area_code=PROVINCE,
        title="2013—2014年财政扶贫资金自查自纠",
        from_year=2013,
        to_year=2014,
        offices=Offices.BOTH,
        opened_on=BEGUN,
        due_on=dt.date(YEAR, 6, 30),
        document=f"黔扶办〔{YEAR}〕21号",
    )
    made = campaigns.begin(wish=wish, by=by)
    items = [item.id for item in pack.codes("inspection_check").values]
    offices = areas.codes_under(PROVINCE, Level.COUNTY)[::-1][8:] + areas.codes_under(COUNTY, Level.TOWNSHIP)[:12]
    answers = [
        NewAnswer(code, "", item, "wrong" if wrong else "in_order", "见问题清单" if wrong else "")
        for turn, code in enumerate(offices)
        for place, item in enumerate(items)
        for wrong in [(turn + place) % 23 == 0]
    ]
    campaigns.answer_many(campaign_id=made.pk, answers=answers, on=ANSWERED, by=by, pack=pack)
    return made


def _found(campaign: Campaign, scale: float, pack: Pack) -> None:
    """What the self-inspection found in every county, some of it put right, one thing handed over."""
    by = holder("demo-province-1", [(Role.PROVINCE_OFFICER, PROVINCE)])
    counties = areas.codes_under(PROVINCE, Level.COUNTY)
    townships = areas.codes_under(COUNTY, Level.TOWNSHIP)[:6]
    wishes = []
    for turn, code in enumerate([*counties, *townships, TOWNSHIP]):
        kind, what = FOUND[turn % len(FOUND)]
        wishes.append(
            NewViolation(
                area_code=code,
                number=f"ZC{YEAR}-{turn + 1:03d}",
                campaign=campaign.pk,
                project="",
                kind=kind,
                amount_fen=max(1, scaled((turn * 37 % 90 + 10) * 3_000_00 * 100, scale)),
                found_on=ANSWERED,
                what=what,
                responsible="分管负责人",
                due_on=DUE,
            )
        )
    violations.record_many(violations=wishes, by=by, pack=pack)
    _put_right(townships, counties, pack)
    given = Violation.objects.filter(area_code=townships[0]).order_by("pk")[0]
    county = holder("wang", [(Role.COUNTY_OFFICER, COUNTY)])
    violations.hand_over(violation_id=given.pk, reason="金额较大，涉嫌违纪", on=DUE, by=county)


def _put_right(townships: Sequence[str], counties: Sequence[str], pack: Pack) -> None:
    """Two townships and two counties have put right what was found; one report waits for its county."""
    above = {9: (Role.TOWNSHIP_OFFICER, Role.COUNTY_OFFICER, 6), 6: (Role.COUNTY_OFFICER, Role.PREFECTURE_OFFICER, 4)}
    for code in (*townships[1:4], *counties[:2]):
        found = Violation.objects.filter(area_code=code).order_by("pk")[0]
        reports, confirms, digits = above[len(code)]
        by = holder("demo-report", [(reports, code)])
        dossier = violations.report(
            violation_id=found.pk, amount_fen=found.amount_fen, how="资金已退回专户", by=by, on=DUE, pack=pack
        )
        _take(dossier, by, DUE, pack)
        if code != townships[3]:
            _take(dossier, holder("demo-confirm", [(confirms, code[:digits])]), DUE, pack)


def _cases(pack: Pack) -> None:
    """Three cases of the group of one township: one under inquiry, one before the county, one concluded."""
    group = holder("wei", [(Role.SUPERVISOR, TOWNSHIP)])
    county = holder("ji", [(Role.SUPERVISOR, COUNTY)])
    on = dt.date(YEAR, 8, 12)
    for turn, (source, about, subject, text) in enumerate(TEXTS):
        made = cases.open_case(wish=NewCase(TOWNSHIP, source, about, subject, text, on), by=group, pack=pack)
        cases.write(case_id=made.pk, kind="talk", on=on, text="走访农户三户，查看现场。", by=group, pack=pack)
        assert made.dossier is not None
        if turn:
            _take(made.dossier, group, on, pack)
        if turn == len(TEXTS) - 1:
            _take(made.dossier, county, on, pack, "refuse")
