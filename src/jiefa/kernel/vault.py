"""Sealing numbers that must not be read, and finding them again without reading them.

AES-256-GCM with a key of its own (never the web server's SECRET_KEY) seals a text; a keyed hash of the text, cut to 64 bits,
is its blind index: equal texts have equal indices, and without the key nobody can compute one. 64 bits make a chance
collision among 7.45 M numbers a matter of 1 in 10^6 (docs/adr/0003).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jiefa.kernel.errors import JiefaError

KEY_BYTES = 32
NONCE_BYTES = 12


class VaultUnreadable(JiefaError):
    code = "vault.unreadable"
    zh = "密钥与数据不符，无法解开加密字段。请检查 JIEFA_VAULT_KEY 或密钥文件是否为建库时所用。"
    en = "The key does not fit the data: sealed fields cannot be opened. Check that JIEFA_VAULT_KEY or the key file is the one the records were written with."


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"jiefa/" + purpose).derive(key)


class Vault:
    """Seals, opens and indexes texts under one master key."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError("the vault key must be 32 bytes")
        self._cipher = AESGCM(_derive(master_key, b"seal"))
        self._index_key = _derive(master_key, b"index")
        self._mark_key = _derive(master_key, b"mark")

    def seal(self, text: str) -> bytes:
        """``text`` sealed under a fresh nonce: nonce, ciphertext and tag in one piece of bytes."""
        return self.seal_bytes(text.encode())

    def seal_many(self, texts: Sequence[str | None]) -> list[bytes | None]:
        """Each text sealed; ``None`` stays ``None``. One call to the system for all nonces."""
        nonces = os.urandom(NONCE_BYTES * len(texts))
        encrypt = self._cipher.encrypt
        sealed: list[bytes | None] = []
        for position, text in enumerate(texts):
            if text is None:
                sealed.append(None)
                continue
            nonce = nonces[position * NONCE_BYTES : (position + 1) * NONCE_BYTES]
            sealed.append(nonce + encrypt(nonce, text.encode(), None))
        return sealed

    def open(self, sealed: bytes) -> str:
        """The text that was sealed. Raises ``VaultUnreadable`` when the key or the bytes are not right."""
        return self.open_bytes(bytes(sealed)).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """``content`` sealed under a fresh nonce, in one piece."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The content that was sealed. Raises ``VaultUnreadable``."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as error:
            raise VaultUnreadable from error

    def blind_index(self, text: str) -> int:
        """A signed 64-bit keyed hash of ``text``."""
        digest = hmac.digest(self._index_key, text.encode(), "sha256")
        return int.from_bytes(digest[:8], "big", signed=True)

    def blind_index_many(self, texts: Iterable[str | None]) -> list[int | None]:
        """The blind index of each text; ``None`` stays ``None``."""
        key, digest, convert = self._index_key, hmac.digest, int.from_bytes
        return [
            None if text is None else convert(digest(key, text.encode(), "sha256")[:8], "big", signed=True)
            for text in texts
        ]

    def mark(self, content: bytes) -> str:
        """A keyed SHA-256 of ``content`` in hex: whoever lacks the key can neither forge nor check it."""
        return hmac.new(self._mark_key, content, hashlib.sha256).hexdigest()


def master_key(home: Path) -> bytes:
    """The master key: ``JIEFA_VAULT_KEY`` (64 hex digits), else ``home/keys/vault.key``, made on first use, readable by its owner only."""
    if from_environment := os.environ.get("JIEFA_VAULT_KEY"):
        return bytes.fromhex(from_environment)
    return key_file(home / "keys" / "vault.key")


def key_file(path: Path) -> bytes:
    """The 32 random bytes kept in ``path``, written there once with mode 600. Safe when two processes ask first at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
        try:
            os.link(scratch, path)
        except FileExistsError:
            pass
        finally:
            scratch.unlink()
    return path.read_bytes()
