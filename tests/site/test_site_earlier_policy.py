"""After a change of the policy pack the pages go on showing the figures that there are, and say by which version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.test import Client
from tests.site import county

from jiefa import policy
from jiefa.policy.pack import DEFAULT_FOLDER

pytestmark = pytest.mark.usefixtures("small_county")
PAGES = ("/home/standing/", f"/area/{county.COUNTY}/")


@pytest.fixture
def wang() -> Client:
    return county.signed_in("wang")


@pytest.mark.parametrize("path", PAGES)
def test_present_version_is_not_spoken_of(path: str, wang: Client) -> None:
    assert "政策版本" not in wang.get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_figures_of_the_version_before_are_shown_with_its_name(
    path: str, wang: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = policy.load().version
    shutil.copytree(DEFAULT_FOLDER, tmp_path / "pack")
    with (tmp_path / "pack" / "parameters" / "exit.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    monkeypatch.setenv("JIEFA_POLICY", str(tmp_path / "pack"))

    page = wang.get(path).content.decode()

    assert f"政策版本 {before}" in page
    assert 'class="figure' in page
