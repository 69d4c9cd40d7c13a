"""Where browsers find styles, scripts and icons."""

from __future__ import annotations

from functools import lru_cache

from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=1_024)
def _address(base: str, name: str) -> str:
    return StaticFilesStorage(base_url=base).url(name)


class RememberedFiles(StaticFilesStorage):
    """Static files whose addresses are put together once: a page names thirty."""

    def url(self, name: str | None) -> str:
        """The address of ``name``."""
        return _address(self.base_url, name) if name else super().url(name)
