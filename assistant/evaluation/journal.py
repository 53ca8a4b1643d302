"""The file that finished rows are appended to, so that an interrupted run can go on where it stopped.

Its first line says what the rows were made from, each further line is a row. A line that a kill left half written is cut off.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from assistant.errors import SettingsError
from assistant.evaluation.rows import Row


class Journal:
    """An open journal. `finished` holds the rows that were there, by question id."""

    def __init__(self, path: Path, origin: Mapping[str, str], *, resume: bool) -> None:
        """Opens the file; begins it anew unless `resume` is set and it exists.

        Args:
            path: the file; its folder is made.
            origin: what the rows are made from, by name, such as the hash of the gold set.
            resume: keep the rows that are there.

        Raises:
            SettingsError: the rows there were made from something else, or cannot be read.
        """
        self.path = path
        self.finished: dict[str, Row] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = _whole_lines(path) if resume else []
        if kept:
            _check_origin(path, kept[0], origin)
            for number, line in enumerate(kept[1:], start=2):
                row = cast(Row, _object(path, number, line))
                self.finished[row["id"]] = row
        else:
            kept = [json.dumps(dict(origin)).encode()]
        with path.open("wb") as file:
            file.writelines(line + b"\n" for line in kept)
        self._file = path.open("a", encoding="utf-8", newline="\n")

    def append(self, row: Row) -> None:
        """Writes a row through to the operating system, so that the end of this process does not lose it."""
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()


def _whole_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1] if path.is_file() else []


def _check_origin(path: Path, line: bytes, origin: Mapping[str, str]) -> None:
    before = _object(path, 1, line)
    changes = [f"{name} {before.get(name)!r}, now {value!r}" for name, value in origin.items() if before.get(name) != value]
    if changes:
        raise SettingsError(
            f"The rows in {str(path)!r} are from another run ({'; '.join(changes)}); set that back, or leave out --resume."
        )


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise SettingsError(f"{path}, line {number}: not a row ({error}); run without --resume to begin anew.") from error
    if not isinstance(found, dict) or (number > 1 and not {"id", "measures"} <= found.keys()):
        raise SettingsError(f"{path}, line {number}: not a row; run without --resume to begin anew.")
    return found
