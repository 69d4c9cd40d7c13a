"""Lasting random draws of households, by name: the same name gives the same draws in every year."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from jiefa.demo.arrays import RealArray, generator


@dataclass
class Luck:
    """Draws for ``count`` households of one part; every name is an independent stream."""

    seed: int
    part: int
    count: int
    _uniform: dict[str, RealArray] = field(default_factory=dict)
    _normal: dict[str, RealArray] = field(default_factory=dict)

    def __call__(self, name: str) -> RealArray:
        """Uniform(0, 1), one per household."""
        if name not in self._uniform:
            self._uniform[name] = generator(self.seed, 7, self.part, zlib.crc32(name.encode())).random(self.count)
        return self._uniform[name]

    def normal(self, name: str) -> RealArray:
        """Normal(0, 1), one per household."""
        if name not in self._normal:
            self._normal[name] = generator(self.seed, 8, self.part, zlib.crc32(name.encode())).normal(0, 1, self.count)
        return self._normal[name]
