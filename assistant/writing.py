"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.errors import SettingsError


def write_whole(path: Path, text: str, errors: str = "strict") -> None:
    """Puts a text in place of what the file held, or leaves that as it was; its folder is made.

    Args:
        path: the file; a device, such as /dev/stdout, is written to as it is.
        text: what it is to hold, in UTF-8.
        errors: what becomes of characters that UTF-8 has not, as for `str.encode`.

    Raises:
        SettingsError: it cannot be written.
    """
    target = target_of(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_device(target):
            target.write_text(text, encoding="utf-8", errors=errors)
            return
        draft = target.with_name(f"{target.name}.draft")
        try:
            draft.write_text(text, encoding="utf-8", errors=errors)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be written ({error.strerror}); make room, or name another file.") from error


def target_of(path: Path) -> Path:
    """Where a link leads, so that it stays one; a device under the name that it was given, for a pipe has no other."""
    try:
        return path if is_device(path) else Path(os.path.realpath(path))
    except OSError:
        return path  # whoever uses it is told why


def is_device(path: Path) -> bool:
    """Whether it is neither a file nor a folder, but there."""
    return path.exists() and not (path.is_file() or path.is_dir())
