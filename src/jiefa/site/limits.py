"""How often one address may send a public form. Counts, no addresses, are kept in the cache; they are gone after an hour.

Two requests at the same instant may count as one: this keeps floods away, it is no account.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from jiefa.kernel.vault import Vault

WINDOW = 3_600
# A village behind one mobile operator's gateway shares an address: fewer would shut neighbours out.
FROM_ONE_ADDRESS = 20
TO_ONE_NOTICE = 60
COMPLAINTS_FROM_ONE_ADDRESS = 10
LOOK_UPS_FROM_ONE_ADDRESS = 40
LOOK_UPS_OF_ONE_NUMBER = 10
"""A secret word of ten letters cannot be tried out at this pace."""


def address(request: HttpRequest) -> str:
    """The sender's address: as the proxy saw it where there is one, as ``JIEFA_HTTPS`` says, else the connection's."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        # The last one is the proxy's own word; what stands before it was sent by the client.
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def is_over(request: HttpRequest, notice_id: int) -> bool:
    """Whether this address, or everybody at this notice, has sent too much within the hour; else the sending is counted."""
    mark = _mark(address(request))
    return _over(((f"objections-from-{mark}", FROM_ONE_ADDRESS), (f"objections-to-{notice_id}", TO_ONE_NOTICE)))


def complaints_over(request: HttpRequest) -> bool:
    """Whether this address has told the hotline too much within the hour; else the telling is counted."""
    return _over(((f"complaints-from-{_mark(address(request))}", COMPLAINTS_FROM_ONE_ADDRESS),))


def look_ups_over(request: HttpRequest, receipt: str) -> bool:
    """Whether this address, or everybody with this number, has asked for answers too often within the hour; else it is counted."""
    mark, number = _mark(address(request)), _mark(receipt.strip().lower())
    return _over(
        ((f"look-ups-from-{mark}", LOOK_UPS_FROM_ONE_ADDRESS), (f"look-ups-of-{number}", LOOK_UPS_OF_ONE_NUMBER))
    )


def _mark(text: str) -> str:
    return Vault(settings.JIEFA_VAULT_KEY).mark(text.encode())[:32]


def _over(limits: Sequence[tuple[str, int]]) -> bool:
    hour = int(time.time() // WINDOW)
    counters = [(f"{name}-{hour}", limit) for name, limit in limits]
    counts = [int(cache.get(key, 0)) for key, _ in counters]
    if any(count >= limit for count, (_, limit) in zip(counts, counters, strict=True)):
        return True
    for count, (key, _) in zip(counts, counters, strict=True):
        cache.set(key, count + 1, WINDOW)
    return False
