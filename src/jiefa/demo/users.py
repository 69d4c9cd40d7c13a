"""A user for every role, standing in real places, all with one password that is printed: for demonstrations only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jiefa.access import actions
from jiefa.access.models import User
from jiefa.access.rules import Role

PASSWORD = "jiefa-demo-2015"
SINCE = dt.date(2013, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoUser:
    username: str
    name: str
    role: Role
    area: str
    label_zh: str
    label_en: str


USERS = (
    DemoUser("zhao", "赵省", Role.PROVINCE_OFFICER, "52", "省扶贫办（贵州省）", "province officer (Guizhou)"),
    DemoUser(
        "lu", "陆省", Role.PROVINCE_OFFICER, "52", "省扶贫办第二人（贵州省）", "second province officer (Guizhou)"
    ),
    DemoUser("qian", "钱州", Role.PREFECTURE_OFFICER, "5203", "市扶贫办（遵义市）", "prefecture officer (Zunyi)"),
    DemoUser("wang", "王县", Role.COUNTY_OFFICER, "520324", "县扶贫办（正安县）", "county officer (Zheng'an)"),
    DemoUser(
        "zhou", "周县", Role.COUNTY_OFFICER, "520324", "县扶贫办第二人（正安县）", "second county officer (Zheng'an)"
    ),
    DemoUser("sunx", "孙乡", Role.TOWNSHIP_OFFICER, "520324103", "乡镇干部（安场镇）", "township officer (Anchang)"),
    DemoUser(
        "tang", "唐乡", Role.TOWNSHIP_OFFICER, "520324103", "乡镇第二人（安场镇）", "second township officer (Anchang)"
    ),
    DemoUser("li", "李村", Role.VILLAGE_OFFICER, "520324103200", "村干部", "village officer"),
    DemoUser("feng", "冯财", Role.FINANCE_OFFICER, "52", "省财政（确认拨付）", "finance officer (Guizhou)"),
    DemoUser(
        "chen", "陈财", Role.FINANCE_OFFICER, "520324", "县财政（正安县，确认拨付）", "finance officer (Zheng'an)"
    ),
    DemoUser(
        "wei", "卫监督", Role.SUPERVISOR, "520324103", "民生监督组（安场镇，只读）", "supervisor (Anchang, reads only)"
    ),
    DemoUser(
        "ji",
        "纪监察",
        Role.SUPERVISOR,
        "520324",
        "县纪检监察（正安县，监督事项下结论）",
        "discipline inspection (Zheng'an)",
    ),
    DemoUser("jie", "接线员", Role.HOTLINE_CLERK, "520324", "扶贫专线接线员（正安县）", "hotline clerk (Zheng'an)"),
    DemoUser(
        "bao",
        "保密员",
        Role.HOTLINE_KEEPER,
        "520324",
        "扶贫专线管理员（正安县，唯一能看举报人）",
        "hotline keeper (Zheng'an)",
    ),
    DemoUser(
        "mi",
        "密管理",
        Role.HOTLINE_KEEPER,
        "52",
        "扶贫专线管理员（全省）",
        "hotline keeper (Guizhou)",
    ),
    DemoUser("helper", "何帮扶", Role.HELPER, "520324103200", "帮扶人", "helper"),
    DemoUser("auditor", "沈审计", Role.AUDITOR, "52", "审计（全省，只读）", "auditor (province, reads only)"),
    DemoUser("evaluator", "平评估", Role.EVALUATOR, "520324", "第三方评估（正安县）", "evaluator (Zheng'an)"),
    DemoUser(
        "admin",
        "关系统",
        Role.SYSTEM_ADMINISTRATOR,
        "52",
        "系统管理员（看不到个人数据）",
        "system administrator (no personal data)",
    ),
)


def create(*, by: str) -> None:
    """The demo users with their posts; those there already stay."""
    known = set(User.objects.values_list("username", flat=True))
    for entry in USERS:
        if entry.username in known:
            continue
        user = actions.create_user(
            username=entry.username, name=entry.name, password=PASSWORD, by=by, must_change_password=False
        )
        actions.give_post(user=user, role=entry.role, area=entry.area, by=by, on=SINCE)
