"""How often one address may send a public form. Counts, no addresses, are kept in the cache; they are gone after an hour.

Two requests at the same instant may count as one: this keeps floods away, it is no account.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from jiefa.kernel.vault import Vault

WINDOW = 3_600
# A village behind one mobile operator's gateway shares an address: fewer would shut neighbours out.
FROM_ONE_ADDRESS = 20
TO_ONE_NOTICE = 60


def address(request: HttpRequest) -> str:
    """The sender's address: as the proxy saw it where there is one, as ``JIEFA_HTTPS`` says, else the connection's."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        # The last one is the proxy's own word; what stands before it was sent by the client.
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def is_over(request: HttpRequest, notice_id: int) -> bool:
    """Whether this address, or everybody at this notice, has sent too much within the hour; else the sending is counted."""
    mark = Vault(settings.JIEFA_VAULT_KEY).mark(address(request).encode())[:32]
    hour = int(time.time() // WINDOW)
    counters = (
        (f"objections-from-{mark}-{hour}", FROM_ONE_ADDRESS),
        (f"objections-to-{notice_id}-{hour}", TO_ONE_NOTICE),
    )
    counts = [int(cache.get(key, 0)) for key, _ in counters]
    if any(count >= limit for count, (_, limit) in zip(counts, counters, strict=True)):
        return True
    for count, (key, _) in zip(counts, counters, strict=True):
        cache.set(key, count + 1, WINDOW)
    return False
