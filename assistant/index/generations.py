"""A folder that changes as a whole: each change is made beside it, and takes its place in one step."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

_CURRENT = "current.json"


class Generations:
    """Numbered folders, one of which counts: a file names it, together with what its sealed files must hold.

    Whoever is killed, or finds the disk full, before a generation is published leaves the one before. That one stays for those
    in other processes who still have it open; older ones go.
    """

    def __init__(self, root: Path, is_whole: Callable[[Path], bool] = lambda folder: True) -> None:
        """`is_whole` looks at what is not sealed."""
        self._root = root
        self._is_whole = is_whole
        self._read: tuple[str, Path | None] = ("", None)  # what the file held when it was read, and what it named

    def current(self) -> Path | None:
        """The folder that counts. None where there is none, or where it isn't whole: a sealed file isn't what was published.

        Raises:
            OSError: it cannot be read.
        """
        held = self._held()
        if held != self._read[0]:
            self._read = held, self._named(held)
        return self._read[1]

    def begin(self) -> Path:
        """A new, empty folder. What earlier ones left unfinished goes. Only one process may do this at a time.

        Raises:
            OSError: it cannot be made.
        """
        self._root.mkdir(parents=True, exist_ok=True)
        current = self.current()
        folders = self._folders()
        # No number comes again: whoever has a folder open would not see that it is another one.
        named, _ = _told(self._held())
        last = max([named, *(int(folder.name) for folder in folders)])
        for folder in folders:
            if current is None or int(folder.name) > int(current.name):
                shutil.rmtree(folder)
        begun = self._root / str(last + 1)
        begun.mkdir()
        return begun

    def publish(self, folder: Path, sealed: Iterable[Path]) -> None:
        """From now on this folder counts, as long as its sealed files stay what they are.

        Raises:
            OSError: it cannot be written; the one before still counts.
        """
        before = self.current()
        files = {path.relative_to(folder).as_posix(): _sha256(path) for path in sorted(sealed)}
        for path in sorted(folder.rglob("*")):
            _on_the_disk(path)
        held = json.dumps({"generation": int(folder.name), "sha256": files})
        draft = self._root / f"{_CURRENT}.new"
        draft.write_text(held, encoding="utf-8")
        _on_the_disk(draft)
        draft.replace(self._root / _CURRENT)
        _on_the_disk(self._root)
        self._read = held, folder  # its files were hashed just now
        for other in self._folders():
            if other not in (folder, before):
                shutil.rmtree(other, ignore_errors=True)  # the next one tries again

    def _folders(self) -> list[Path]:
        return [path for path in self._root.iterdir() if path.name.isdecimal() and path.is_dir()]

    def _held(self) -> str:
        """What the file holds; nothing where there is none that can be read as text."""
        try:
            return (self._root / _CURRENT).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return ""

    def _named(self, held: str) -> Path | None:
        number, files = _told(held)
        folder = self._root / str(number)
        try:
            sealed = all(_sha256(folder / name) == sha256 for name, sha256 in files.items())
        except (FileNotFoundError, NotADirectoryError):
            return None
        return folder if number and sealed and folder.is_dir() and self._is_whole(folder) else None


def _told(held: str) -> tuple[int, dict[str, str]]:
    """The number that is named, and the hashes by file; 0 and none where it is damaged."""
    try:
        told = json.loads(held)
        return int(told["generation"]), dict(told["sha256"])
    except (ValueError, TypeError, KeyError):
        return 0, {}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _on_the_disk(path: Path) -> None:
    """Waits until it is, so that a power cut after the next step doesn't undo this one alone."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
