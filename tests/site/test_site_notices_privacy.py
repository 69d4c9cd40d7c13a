"""People full of numbers and illnesses, in every field that somebody may have typed them into: none of it is published."""

from __future__ import annotations

import io

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pypdf import PdfReader
from tests.procedures.people import COUNTY, TOWNSHIP, VILLAGE, People

from jiefa import policy
from jiefa.disclosure import actions
from jiefa.disclosure.models import Channel
from jiefa.procedures import subjects
from jiefa.procedures.actions import Opening, open_many
from jiefa.procedures.models import Dossier
from jiefa.registry.models import Household

HIDDEN = ("520324199001011234", "13800000001", "6222000000000000011", "1990-01-01", "残疾", "糖尿病", "disabled")
NAMES = ("张小三", "阿依·古丽", "欧阳小三")
texts = st.lists(st.sampled_from([*HIDDEN, *NAMES, " ", "，", "（"]), min_size=1, max_size=4).map("".join)


class NothingElseReachesThePublic(TestCase):
    @settings(max_examples=12)
    @given(title=texts, head=texts, note=texts, on_file=st.booleans())
    def test_pages_and_papers_hold_masked_names_alone(self, title: str, head: str, note: str, on_file: bool) -> None:
        people, pack = People(VILLAGE, TOWNSHIP, COUNTY), policy.load()
        household = Household.objects.create(
            number="N1", village_code=VILLAGE, head_name=head[:60], size=3, poverty_status="poor",
            household_class="general", address=note,
        )  # fmt: skip
        opening = Opening(
            subject=subjects.household(household.pk) if on_file else "applicant:1",
            place=VILLAGE,
            title=title,
            year=2015,
            proposal={"members": [{"name": head, "health": note, "id_number": HIDDEN[0]}], "note": note},
        )
        today = timezone.localdate()
        (key,) = open_many(procedure="identification", openings=[opening], by=people.li, on=today, pack=pack)
        Dossier.objects.filter(pk=key).update(step="first_notice", desk=VILLAGE)
        notice = actions.post_notice(dossier_ids=[key], by=people.li, on=today, pack=pack)
        actions.file_objection(
            notice_id=notice.pk, text=f"{note}。", channel=Channel.PAGE, on=today, pack=pack, name=head[:40]
        )

        said = [
            Client().get(reverse(f"site:{name}", args=arguments)).content.decode()
            for name, arguments in (("notices", []), ("notice", [notice.pk]), ("notice-object", [notice.pk]))
        ]
        for name in ("notice-poster", "notice-list"):
            paper = PdfReader(io.BytesIO(Client().get(reverse(f"site:{name}", args=[notice.pk])).content))
            said += [page.extract_text() for page in paper.pages] + [str(paper.metadata)]

        assert [word for word in (*HIDDEN, *NAMES) if any(word in text for text in said)] == []
