"""Every page, in one list."""

from __future__ import annotations

from django.urls import path

from jiefa.site.views import (
    account,
    area,
    audit,
    home,
    household,
    household_edit,
    households,
    imports,
    indicators,
    quality,
    search,
    snapshots,
    users,
)
from jiefa.site.views import policy as policy_views

app_name = "site"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("password/", account.password, name="password"),
    path("language/", account.language, name="language"),
    path("search/", search.search, name="search"),
    path("area/<slug:code>/", area.area, name="area"),
    path("households/", households.households, name="households"),
    path("households/export/", households.export, name="households-export"),
    path("households/<int:pk>/", household.household, name="household"),
    path("households/<int:pk>/edit/", household_edit.edit, name="household-edit"),
    path("households/<int:pk>/print/", household.card, name="household-print"),
    path("households/<int:pk>/numbers/", household.numbers, name="household-numbers"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.new, name="import-new"),
    path("imports/template/", imports.template, name="template-roster"),
    path("imports/uploads/<int:pk>/", imports.upload, name="import-upload"),
    path("imports/uploads/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("imports/<int:pk>/", imports.batch, name="import"),
    path("imports/<int:pk>/decide/", imports.decide, name="import-decide"),
    path("imports/<int:pk>/report/", imports.report, name="import-report"),
    path("quality/", quality.quality, name="quality"),
    path("findings/", quality.findings_list, name="findings"),
    path("findings/export/", quality.export, name="findings-export"),
    path("findings/<int:pk>/waive/", quality.waive, name="finding-waive"),
    path("snapshots/", snapshots.snapshots, name="snapshots"),
    path("snapshots/<slug:identity>/", snapshots.snapshot, name="snapshot"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/export/", indicators.export, name="indicators-export"),
    path("indicators/<slug:identity>/", indicators.indicator, name="indicator"),
    path("indicators/<slug:identity>/households/", indicators.behind, name="indicator-households"),
    path("indicators/<slug:identity>/households/export/", indicators.behind_export, name="indicator-households-export"),
    path("audit/", audit.audit, name="audit"),
    path("users/", users.users, name="users"),
    path("users/new/", users.new, name="user-new"),
    path("users/<int:pk>/", users.user, name="user"),
    path("policy/", policy_views.policy, name="policy"),
    path("help/", policy_views.help_page, name="help"),
]
