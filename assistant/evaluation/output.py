"""The files that an evaluation writes: none over what it reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.errors import SettingsError
from assistant.writing import is_device, target_of


def check_outputs(
    outputs: Mapping[str, Path], inputs: Iterable[Path], gold: Path | None = None, folders: Iterable[Path] = ()
) -> None:
    """Makes sure that files can be written, before anything runs.

    Args:
        outputs: what each file is, and the option that names it, such as `the report (--json)`; and the file.
        inputs: the files that are read.
        folders: whatever lies in them is read.
        gold: a folder whose `.jsonl` files are all read; None, or a file: there is none.

    Raises:
        SettingsError: one of them is read or lies where all is read, is the same as another one, would be read as gold the next
            time, or cannot be written.
    """
    folders = list(folders)
    read = {os.path.realpath(path) for path in (*inputs, *folders)}
    names: dict[str, str] = {}
    for name, path in outputs.items():
        place = os.path.realpath(path)
        if place in read:
            raise SettingsError(f"{str(path)!r} is to hold {name}, but is read in this run; name another file.")
        for folder in folders:
            if place.startswith(os.path.realpath(folder) + os.sep):
                raise SettingsError(f"{str(path)!r} is to hold {name}, but {str(folder)!r} is read; name a file outside it.")
        if place in names:
            raise SettingsError(f"{str(path)!r} is to hold both {names[place]} and {name}; name two files.")
        if gold is not None and path.name.endswith(".jsonl") and os.path.dirname(place) == os.path.realpath(gold):
            raise SettingsError(
                f"{str(path)!r} is to hold {name}, but the next run would read it as gold questions; "
                f"name a file outside {str(gold)!r}."
            )
        names[place] = name
        check_output(path)


def check_output(path: Path) -> None:
    """Makes the folder of a file that is to be written, and makes sure that the file can be.

    Raises:
        SettingsError: it cannot be written there.
    """
    target = target_of(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        is_folder = target.is_dir()
        # A file is written beside its place first.
        needed = [target] if is_device(target) else [target.parent, *([target] if target.exists() else [])]
    except OSError as error:
        raise SettingsError(f"{str(path)!r} cannot be written ({error.strerror}); name another file.") from error
    if is_folder:
        raise SettingsError(f"{str(path)!r} cannot be written, it is a folder; name a file.")
    if not all(os.access(place, os.W_OK) for place in needed):
        raise SettingsError(f"{str(path)!r} cannot be written (Permission denied); name another file.")
