"""The file that finished rows are appended to, so that an interrupted run can go on where it stopped.

Its first line says what the rows were made from, each further line is a row. A line that a kill left half written is cut off.
A lock file beside it keeps a second run out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from filelock import FileLock, Timeout

from assistant.errors import SettingsError
from assistant.evaluation.fingerprint import package_sha256
from assistant.evaluation.rows import Row
from assistant.version import __version__

_DIGITS = 12  # of the fingerprint: as many as tell versions apart, and a message can hold


class Journal:
    """An open journal. `finished` holds the rows that were there, by question id."""

    def __init__(self, path: Path, origin: Mapping[str, str], *, resume: bool) -> None:
        """Opens the file for this run alone; begins it anew unless `resume` is set and it holds a whole line.

        Args:
            path: the file; its folder is made.
            origin: what the rows are made from, by name, such as the hash of the gold set; the package's version and files are
                added.
            resume: keep the rows that are there.

        Raises:
            SettingsError: another run has it open, or the rows there were made from something else, or cannot be read.
        """
        origin = {**origin, "version of assistant": __version__, "code, tables and prompts": package_sha256()[:_DIGITS]}
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise SettingsError(
                f"Another run is writing {str(path)!r}; wait for it, or name another file with --json."
            ) from error
        except OSError as error:
            raise SettingsError(
                f"{self._lock.lock_file!r} cannot be written ({error.strerror}); name another file with --json."
            ) from error
        try:
            kept = _whole_lines(path) if resume else b""
            self.finished = _rows(path, kept, origin) if kept else {}
            if kept:
                # Not written anew: what is finished stays on disk at every moment.
                os.truncate(path, len(kept))
            else:
                path.write_bytes(json.dumps(origin).encode() + b"\n")
            self._file = path.open("a", encoding="utf-8", newline="\n")
        except BaseException:
            self._lock.release()
            raise

    def append(self, row: Row) -> None:
        """Writes a row through to the operating system, so that the end of this process does not lose it."""
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._lock.release()


def _whole_lines(path: Path) -> bytes:
    content = path.read_bytes() if path.is_file() else b""
    return content[: content.rfind(b"\n") + 1]


def _rows(path: Path, content: bytes, origin: Mapping[str, str]) -> dict[str, Row]:
    first, *lines = content.splitlines()
    _check_origin(path, _object(path, 1, first), origin)
    rows = [cast(Row, _object(path, number, line)) for number, line in enumerate(lines, start=2)]
    return {row["id"]: row for row in rows}


def _check_origin(path: Path, before: Mapping[str, Any], origin: Mapping[str, str]) -> None:
    names = dict.fromkeys((*origin, *before))
    changes = [f"{name} {before.get(name)!r}, now {origin.get(name)!r}" for name in names if before.get(name) != origin.get(name)]
    if changes:
        raise SettingsError(
            f"The rows in {str(path)!r} are from another run ({'; '.join(changes)}); set that back, or leave out --resume."
        )


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}, line {number}: not a row ({error}); run without --resume to begin anew.") from error
    if not isinstance(found, dict) or (number > 1 and not {"id", "measures"} <= found.keys()):
        raise SettingsError(f"{path}, line {number}: not a row; run without --resume to begin anew.")
    return found
