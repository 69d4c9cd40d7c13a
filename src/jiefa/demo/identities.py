"""Numbers that look and check like real ones and can belong to nobody.

- Citizen numbers carry county codes 529901 to 529988: province 52, but a prefecture 5299 that was never assigned.
- Telephones begin with 154, a range that was never given out.
- Bank accounts begin with 952, no issuer of bank cards (ISO/IEC 7812 leaves 9 to national use).
"""

from __future__ import annotations

import numpy as np

from jiefa.demo.arrays import AnyArray, IntArray, ranks_within
from jiefa.demo.families import MALE
from jiefa.demo.people import Traits
from jiefa.demo.population import Homes, People
from jiefa.kernel.id_numbers import CHECK_CHARACTERS, WEIGHTS

UNASSIGNED_REGION = 529900
FIRST_FAULT_SEQUENCE = 900
"""Sequence numbers from here on are left free for injected faults."""
PHONE_PREFIX, ACCOUNT_PREFIX = "154", "952"
CERTIFICATE = "S22"
_ZERO = ord("0")


def digits(values: IntArray, width: int) -> AnyArray:
    """The last ``width`` decimal digits of each value, as a matrix of ASCII codes."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return np.asarray((values[:, None] // powers) % 10 + _ZERO, dtype=np.uint8)


def check_characters(first_17: AnyArray) -> AnyArray:
    """The ASCII code of the check character for each row of 17 ASCII digits."""
    total = (first_17.astype(np.int64) - _ZERO) @ np.array(WEIGHTS, dtype=np.int64)
    return np.asarray(np.frombuffer(CHECK_CHARACTERS.encode(), np.uint8)[total % 11])


def _compact_dates(birth: IntArray) -> IntArray:
    days = birth.astype("datetime64[D]")
    month = days.astype("datetime64[M]").astype(np.int64)
    of_month = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    return np.asarray((month // 12 + 1970) * 10_000 + (month % 12 + 1) * 100 + of_month)


def certificates(people: People, homes: Homes, lasting: Traits) -> AnyArray:
    """One certificate number per person as bytes: 18 characters, 20 for the disabled; no citizen number twice."""
    county = homes.county[people.household]
    keys = (county * 200_000 + people.birth + 60_000) * 2 + people.sex
    sequence = ranks_within(keys) * 2 + np.where(people.sex == MALE, 1, 2)
    if len(sequence) and int(sequence.max()) >= FIRST_FAULT_SEQUENCE:
        raise AssertionError("more people born on one day in one county than numbers")
    return numbers(UNASSIGNED_REGION + county + 1, _compact_dates(people.birth), sequence, lasting)


def numbers(region: IntArray, date: IntArray, sequence: IntArray, lasting: Traits) -> AnyArray:
    """Certificates of these parts, with their check character and the disability card's two digits."""
    matrix = np.zeros((len(region), 22), np.uint8)
    matrix[:, :6], matrix[:, 6:14], matrix[:, 14:17] = digits(region, 6), digits(date, 8), digits(sequence, 3)
    matrix[:, 17] = check_characters(matrix[:, :17])
    card = lasting.disability_kind > 0
    matrix[card, 18] = lasting.disability_kind[card] + _ZERO
    matrix[card, 19] = lasting.disability_level[card] + _ZERO
    return np.ascontiguousarray(matrix).view(CERTIFICATE).ravel()


def household_numbers(homes: Homes, village_codes: AnyArray) -> AnyArray:
    """Village code and a five-digit serial number within the village."""
    serial = np.ascontiguousarray(digits(homes.serial, 5)).view("S5").ravel()
    return np.char.add(village_codes[homes.village].astype("S12"), serial)


def phones(homes: Homes, draws: AnyArray) -> AnyArray:
    """A telephone per household, empty where it has none; no number twice."""
    number = ranks_within(homes.county)
    text = np.char.add(
        PHONE_PREFIX.encode(),
        np.ascontiguousarray(digits((homes.county + 1) * 1_000_000 + number, 8)).view("S8").ravel(),
    )
    return np.where(draws < 0.91, text, b"")


def accounts(homes: Homes) -> AnyArray:
    """A bank account per household, 19 digits; no number twice."""
    number = (homes.county + 1) * 10**8 + ranks_within(homes.county)
    return np.char.add(ACCOUNT_PREFIX.encode(), np.ascontiguousarray(digits(number, 16)).view("S16").ravel())
