"""Where the time of a question goes."""

from __future__ import annotations

import time


class Stopwatch:
    """Milliseconds between laps, by name; a name that comes again adds up."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Gives the time since the last lap to `name`."""
        now = time.perf_counter()
        self.timings_ms[name] = self.timings_ms.get(name, 0.0) + (now - self._last) * 1000
        self._last = now
