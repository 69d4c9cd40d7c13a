"""Courses, sites, hamlets and cases that name them, as lists of a county."""

from __future__ import annotations

from tests.procedures.people import COUNTY, VILLAGE

COURSE_HEADER = (
    *("县代码", "培训班编号", "培训班名称", "培训工种", "培训机构", "开班日期", "结班日期", "应到天数", "计划人数"),
    "人均费用",
)
SITE_HEADER = (
    *("县代码", "安置点名称", "所在地", "安置方式", "安置地", "计划住房套数", "建成住房套数", "计划安置人数"),
    *("提供就业岗位", "就近学校", "开工日期", "竣工日期", "可入住日期"),
)
HAMLET_HEADER = (
    *("行政村代码", "村寨名称", "总户数", "总人口", "贫困户数", "贫困人口", "搬迁原因", "安置点名称"),
    *("确定日期", "搬完日期"),
)
TRAINING_HEADER = (
    *("户编号", "姓名", "年度", "培训班编号", "培训工种", "应到天数", "实到天数", "培训补助", "报名日期", "结业日期"),
    *("证书编号", "取证日期", "就业创业", "就业日期"),
)
RELOCATION_HEADER = (
    *("户编号", "年度", "搬迁原因", "自然村寨", "整寨搬迁", "安置点", "安置地", "搬迁人数", "住房面积"),
    *(
        "列入计划日期",
        "交房日期",
        "入住日期",
        "拆旧日期",
        "就业日期",
        "就业人数",
        "转学日期",
        "医保转接日期",
        "低保转接日期",
    ),
)
MOVED = ("2015-06-15", "2015-07-01")
"""Keys and move."""


def course(number: str = "T1", days: object = 20, places: object = 50, **other: object) -> tuple[object, ...]:
    """A course of welding in March."""
    said = {"county": COUNTY, "trade": "焊工", "from_on": "2015-03-02", "to_on": "2015-03-31", **other}
    ends = (said["from_on"], said["to_on"], days, places, "1200")
    return (said["county"], number, "", said["trade"], "县职业技术学校", *ends)


def site(name: str = "县城安置区", built: object = 100, **other: object) -> tuple[object, ...]:
    """A site in the county town."""
    said = {"county": COUNTY, "in": "城镇", "people": 400, "begun": "2014-01-10", "done": "2015-05-01", **other}
    rest = (50, "县第一小学", said["begun"], said["done"], "2015-06-01")
    return (said["county"], name, "安场镇", "县城安置", said["in"], 120, built, said["people"], *rest)


def hamlet(name: str = "上寨", **other: object) -> tuple[object, ...]:
    """A hamlet of few, most of them poor, decided on in 2016."""
    said = {
        "village": VILLAGE,
        "households": 30,
        "people": 120,
        "poor_households": 2,
        "poor_people": 70,
        "reason": "深山区",
        "site": "县城安置区",
        "decided": "2016-03-01",
        "moved": "",
        **other,
    }
    living = (said["households"], said["people"], said["poor_households"], said["poor_people"])
    return (said["village"], name, *living, said["reason"], said["site"], said["decided"], said["moved"])


def trained(household: str, person: str, course: str = "T1", **other: object) -> tuple[object, ...]:
    """A case of training, certified."""
    said = {"trade": "焊工", "days": 20, "present": 19, "certified": "2015-04-10", "work": "", "work_on": "", **other}
    ends = ("2015-03-31", "C1", said["certified"], said["work"], said["work_on"])
    return (
        *(household, person, 2015, course, said["trade"], said["days"], said["present"], "800", "2015-03-02"),
        *ends,
    )


def moving(household: str, people: int = 2, days: tuple[str, str] = MOVED, **other: object) -> tuple[object, ...]:
    """A case of relocation; ``days``: of keys and move, '' for not yet."""
    said: dict[str, object] = {
        "year": 2015,
        "hamlet": "上寨",
        "site": "县城安置区",
        "in": "城镇",
        "whole": "是",
        **other,
    }
    after = ("demolished", "employed", "workers", "school", "medical", "secured")
    where = (said["hamlet"], said["whole"], said["site"], said["in"])
    return (
        *(household, said["year"], "深山区", *where, people, 20, "2014-06-01", *days),
        *(said.get(name, "") for name in after),
    )
