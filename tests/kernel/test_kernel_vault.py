"""Sealing and finding again; the key file that several processes may ask for at once."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiefa.kernel import vault
from jiefa.kernel.vault import Vault, VaultUnreadable

VAULT = Vault(bytes(range(32)))
OTHER = Vault(bytes(range(1, 33)))


@given(st.text())
def test_open_gives_back_what_was_sealed(text: str) -> None:
    sealed = VAULT.seal(text)

    assert VAULT.open(sealed) == text
    assert VAULT.seal(text) != sealed, "two seals of one text must differ"


def test_seal_hides_the_text() -> None:
    assert b"11010519491231002X" not in VAULT.seal("11010519491231002X")


@given(st.lists(st.none() | st.text(), max_size=20))
def test_many_are_sealed_and_indexed_as_one_by_one(texts: list[str | None]) -> None:
    sealed, keys = VAULT.seal_many(texts), VAULT.blind_index_many(texts)

    assert [None if one is None else VAULT.open(one) for one in sealed] == texts
    assert keys == [None if text is None else VAULT.blind_index(text) for text in texts]
    nonces = [one[: vault.NONCE_BYTES] for one in sealed if one is not None]
    assert len(set(nonces)) == len(nonces)


def test_open_with_another_key() -> None:
    with pytest.raises(VaultUnreadable):
        OTHER.open(VAULT.seal("号码"))


@given(st.binary(max_size=40))
def test_open_of_foreign_bytes(content: bytes) -> None:
    with pytest.raises(VaultUnreadable):
        VAULT.open(content)


@given(st.integers(0, 45), st.integers(1, 255))
def test_open_after_one_byte_was_changed(place: int, change: int) -> None:
    sealed = bytearray(VAULT.seal("11010519491231002X"))
    sealed[place % len(sealed)] ^= change

    with pytest.raises(VaultUnreadable):
        VAULT.open(bytes(sealed))


@given(st.text(), st.text())
def test_blind_index_is_equal_exactly_for_equal_texts(one: str, other: str) -> None:
    assert (VAULT.blind_index(one) == VAULT.blind_index(other)) == (one == other)
    assert -(2**63) <= VAULT.blind_index(one) < 2**63
    assert VAULT.blind_index(one) != OTHER.blind_index(one)


def test_mark_needs_the_key() -> None:
    assert VAULT.mark(b"520326/7") == VAULT.mark(b"520326/7")
    assert VAULT.mark(b"520326/7") != VAULT.mark(b"520326/8")
    assert VAULT.mark(b"520326/7") != OTHER.mark(b"520326/7")


def test_vault_key_of_a_wrong_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")


def test_key_file_is_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.key"

    key = vault.key_file(path)

    assert len(key) == vault.KEY_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert vault.key_file(path) == key
    assert os.listdir(path.parent) == ["vault.key"]


def test_master_key_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEFA_VAULT_KEY", "ab" * 32)

    assert vault.master_key(tmp_path) == b"\xab" * 32
    assert not (tmp_path / "keys").exists()


RACER = """
import pathlib, sys, time
from jiefa.kernel import vault
sys.stdin.readline()
print(vault.key_file(pathlib.Path(sys.argv[1])).hex())
"""


def test_key_file_when_several_processes_ask_first_at_once(tmp_path: Path) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path / "keys" / "vault.key")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": "src"},
        )
        for _ in range(6)
    ]

    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    keys = [racer.communicate(timeout=60)[0].strip() for racer in racers]

    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert os.listdir(tmp_path / "keys") == ["vault.key"]
