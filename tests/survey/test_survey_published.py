"""Samples whose estimates stand in books, or in the saved output of other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.survey import samples

from jiefa.survey import mpi, poverty, spec, through_svy
from jiefa.survey.design import Asked, Lonely, designed
from jiefa.survey.estimate import Asked as Statistic
from jiefa.survey.estimate import numbers

MU284 = {19: (5, 41, 49, 49), 45: (8, 49, 49, 45), 47: (5, 31, 31, 35), 50: (9, 39, 41, 61), 31: (7, 49, 51, 33)}
"""Särndal, Swensson & Wretman 1992, p. 142-143: 5 of 50 clusters of Swedish municipalities, 3 of each; how many there are."""


def test_two_stages_of_municipalities_in_sweden() -> None:
    data = samples.microdata(
        cluster=[str(name) for name in MU284 for _ in range(3)],
        clusters=[50] * 15,
        many=[many for many, *_ in MU284.values() for _ in range(3)],
        y=[float(y) for _, *ys in MU284.values() for y in ys],
    )
    made = designed(data, Asked(clusters=("cluster",), sizes=("clusters", "many")))

    (total,) = numbers(made, Statistic.TOTAL, data.numbers("y"))
    y = data.numbers("y")
    (above,) = made.means([y], y > 40)

    assert total.value == pytest.approx(15080)
    # As printed by R's survey (help page of mu284): SE 2274.3, variance 5172234.
    assert (total.se or 0) ** 2 == pytest.approx(5172234, abs=0.5)
    # Of those above 40, as printed in its vignette "Estimates in subpopulations": 48.69, SE 1.1088.
    assert (above.value, above.se) == (pytest.approx(48.69, abs=5e-3), pytest.approx(1.1088, abs=5e-5))


API = (
    *((1, (821,)), (1, (773,)), (3, (600, 740, 716)), (1, (811,)), (3, (472, 520, 568)), (3, (591, 544, 612))),
    *((4, (926, 890, 903, 901)), (1, (453,)), (4, (569, 545, 584, 601)), (11, (622, 610, 622, 783, 612))),
    *((2, (536, 524)), (1, (636,)), (5, (666, 698, 713, 614, 701)), (4, (927, 934, 933, 903))),
    *((5, (911, 889, 874, 861, 842)), (4, (652, 554, 553, 601)), (1, (607,)), (5, (717, 646, 644, 631, 690))),
    *((2, (622, 566)), (5, (615, 596, 547, 541, 621)), (5, (912, 929, 909, 951, 912)), (2, (759, 803))),
    *((36, (660, 502, 479, 545, 478)), (1, (710,)), (28, (769, 865, 808, 840, 840)), (7, (818, 821, 868, 892, 824))),
    *((72, (580, 807, 537, 690, 489)), (14, (641, 542, 645, 543, 486)), (7, (756, 795, 773, 772, 743))),
    *((2, (794, 751)), (4, (631, 555, 608, 627)), (3, (772, 738, 670)), (2, (673, 711)), (2, (730, 711))),
    *((1, (468,)), (9, (766, 742, 776, 742, 626)), (1, (747,)), (2, (620, 602)), (6, (895, 844, 869, 851, 861))),
    (1, (653,)),
)
"""Academic performance of Californian schools in 2000: 40 of 757 districts, up to five schools of each; how many there are."""


def test_two_stages_of_schools_in_california() -> None:
    # R's survey prints 670.81, SE 30.099 (svymean(~api00, dclus2), tests/testoutput/api.Rout.saved). Districts of one school need no rule.
    data = samples.microdata(
        district=[str(at) for at, (_, schools) in enumerate(API) for _ in schools],
        districts=[757] * sum(len(schools) for _, schools in API),
        many=[many for many, schools in API for _ in schools],
        api=[float(one) for _, schools in API for one in schools],
    )

    (found,) = numbers(
        designed(data, Asked(clusters=("district",), sizes=("districts", "many"))), Statistic.MEAN, data.numbers("api")
    )

    assert found.value == pytest.approx(670.81, abs=5e-3)
    assert found.se == pytest.approx(30.099, abs=5e-4)
    assert (found.n, found.df) == (126, 39)


@pytest.mark.parametrize(
    ("lonely", "variance"),
    [(Lonely.CERTAINTY, 126625.0), (Lonely.CENTRE, 127579.8)],  # R: remove and certainty; adjust
)
def test_a_single_unit_as_r_treats_it(lonely: Lonely, variance: float) -> None:
    # R's survey, tests/lonely.psu.R: the total of ages of five people in three strata.
    data = samples.microdata(h=["1", "1", "2", "2", "3"], w=[10.5, 10.5, 20, 20, 15], age=[30.5, 40.5, 35, 52, 44])
    made, age = designed(data, Asked("w", "h", lonely=lonely)), data.numbers("age")

    (found,) = made.totals([age], np.ones(5, dtype=bool))

    assert (found.se or 0) ** 2 == pytest.approx(variance, rel=1e-6)
    assert through_svy.totals(made, [age], np.ones(5, dtype=bool))[0].se == pytest.approx(found.se)


EXAMPLE = """
10101110001O 00110000111O 10111110000O 10111011011Z 11111011111O 11100011011Z 11001010001O 00001010000O 01001101100Z
00011101100O 01111100111O 00111101001Z 11111101101O 11110101101Z 10000110110Z 10000000110O 10000010000Z 01000001001O
11110011001O 01101111001Z 10111110101Z 10101100111O 10010111100Z 10010110010O 11010101000B 00110100010B 00111001000v
01111100010C 01011001011Z 01001011011V
"""
"""examplePovertydf of the R package MPI 0.1.0 (MIT): a row for each household, eleven indicators and the first letter of the place."""


def test_all_figures_published_with_the_package_mpi() -> None:
    # Its README and vignette, group Bastia, poor from three deprivations on: H, A, M0, and by indicator the contribution, the
    # uncensored and the censored headcount. 3/11 must count as reached though eleven times 1/11 is not 1 in binary.
    households = EXAMPLE.split()
    names = [f"d{at}" for at in range(11)]
    flags = {name: [float(one[at]) for one in households] for at, name in enumerate(names)}
    data = samples.microdata(**flags, place=[one[-1] for one in households])
    asked = spec.Spec(tuple(spec.Indicator(name, 1 / 11) for name in names), (3 / 11,))

    rows = mpi.measures(
        designed(data, Asked()), mpi.deprivations(data, asked), asked, [("place", data.labels("place"))]
    )

    bastia = {(one.measure, one.indicator): one.value for one in rows if one.group == "B"}
    assert (len(households), next(one.n for one in rows if one.group == "B")) == (30, 2)
    assert [bastia[name, None] for name in ("H", "A", "M0")] == pytest.approx([1, 0.4090909, 0.4090909], abs=5e-8)
    assert [bastia["pctb", name] for name in names] == pytest.approx(
        [0.1111111, 0.1111111, 0.1111111, 0.2222222, 0, 0.2222222, 0, 0.1111111, 0, 0.1111111, 0], abs=5e-8
    )
    whole = next(one for one in rows if (one.group, one.measure) == ("B", "H"))
    assert (whole.ci_low, whole.ci_high) == (None, None)
    headcounts = [0.5, 0.5, 0.5, 1, 0, 1, 0, 0.5, 0, 0.5, 0]
    assert [bastia["hd", name] for name in names] == pytest.approx(headcounts)
    assert [bastia["hdk", name] for name in names] == pytest.approx(headcounts)


DATT = (
    *((30, 24.4, 0.92, 0.0092, 0.00204292904879565), (40, 35.8, 2.47, 0.0339, 0.0100903294438778)),
    *((50, 45.36, 5.11, 0.085, 0.0311848459731332), (60, 55.1, 7.9, 0.164, 0.0707993588762987)),
    *((75, 64.92, 9.69, 0.2609, 0.128049678850698), (85, 77.08, 15.24, 0.4133, 0.234955733700886)),
    *((100, 91.75, 13.64, 0.5497, 0.348848482128198), (125, 110.64, 16.99, 0.7196, 0.519921365797085)),
    *((150, 134.9, 10, 0.8196, 0.642690043934351), (200, 167.76, 9.78, 0.9174, 0.792004859564691)),
    *((250, 215.48, 3.96, 0.957, 0.869661354204773), (300, 261.66, 1.81, 0.9751, 0.91276277058856)),
    (math.inf, 384.97, 2.49, 1, 1),
)
"""Rural India 1983 (Datt 1998, IFPRI FCND Discussion Paper 50; R package pipr): upper limit of a class of monthly expenditure per head,
its mean, its people in percent; the share of people and of expenditure up to there."""


def test_grouped_expenditure_of_rural_india() -> None:
    """At the limit of a class nobody is on the wrong side: headcount and gap are those of the Lorenz curve, PG = p - L μ / z. In between
    the class that holds the line is counted as a whole: at the poverty line of 89 rupees the headcount lies at the limit below."""
    y, w = np.array([one[1] for one in DATT]), np.array([one[2] for one in DATT])
    mean = float(w @ y / w.sum())

    def at(line: float) -> dict[str, float]:
        return {one.statistic: one.value or 0.0 for one in poverty.statistics(y, w, line=line)}

    for limit, _, _, share, lorenz in DATT[:-1]:
        assert at(limit)["headcount"] == pytest.approx(share, abs=1e-9), limit
        assert at(limit)["gap"] == pytest.approx(share - lorenz * mean / limit, abs=1e-9), limit
    shares, curve = ([0.0, *(one[at] for one in DATT)] for at in (3, 4))
    between = sum((p1 - p0) * (l0 + l1) for p0, p1, l0, l1 in zip(shares, shares[1:], curve, curve[1:], strict=False))
    assert at(89)["gini"] == pytest.approx(1 - between, abs=1e-9)
    assert at(89)["headcount"] == pytest.approx(0.4133)
    assert at(85)["gap"] < at(89)["gap"] < at(100)["gap"]
