"""Floors: the least, or the most, that measures may be before a build fails.

A floors file is a JSON object from measure to the least value it may have, or to bounds:

    {"containment": 0.9, "false_abstention": {"max": 0.08}, "quote_exactness": {"min": 1.0}}
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Floor:
    """Bounds of a measure, both inclusive; None: unbounded."""

    least: float | None = None
    most: float | None = None


def load_floors(path: Path, measures: Collection[str]) -> dict[str, Floor]:
    """The floors by measure.

    Raises:
        SettingsError: the file cannot be read, names a measure that is not in `measures`, or has bounds that are not finite.
    """
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); give a JSON file with --floors.") from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not JSON ({error}); write an object from measure to least value.") from error
    if not isinstance(record, dict):
        raise SettingsError(f"{path}: found {type(record).__name__}; write an object from measure to least value.")
    for name in record:
        if name not in measures:
            close = difflib.get_close_matches(name, list(measures), n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(measures)}."
            raise SettingsError(f"{path}: no measure is called {name!r}; {hint}")
    return {name: _floor(path, name, bounds) for name, bounds in record.items()}


def missed_floors(values: Mapping[str, float | None], floors: Mapping[str, Floor]) -> list[str]:
    """A sentence for each floor that is missed, in the order of the file. A measure without a value misses its floor."""
    missed = []
    for name, floor in floors.items():
        value = values.get(name)
        if value is None:
            missed.append(f"{name} has no value: none of the questions measures it.")
        elif floor.least is not None and value < floor.least:
            missed.append(f"{name} is {value:.4f}, below {floor.least:g}.")
        elif floor.most is not None and value > floor.most:
            missed.append(f"{name} is {value:.4f}, above {floor.most:g}.")
    return missed


def _floor(path: Path, name: str, bounds: Any) -> Floor:
    if _is_number(bounds):
        return Floor(least=float(bounds))
    if isinstance(bounds, dict) and bounds and bounds.keys() <= {"min", "max"} and all(map(_is_number, bounds.values())):
        return Floor(bounds.get("min"), bounds.get("max"))
    raise SettingsError(
        f'{path}: the floor of {name!r} is {bounds!r}; write a finite number, or {{"min": ...}} or {{"max": ...}}.'
    )


def _is_number(value: Any) -> bool:
    # NaN is below nothing, and an integer may be more than a float holds.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
