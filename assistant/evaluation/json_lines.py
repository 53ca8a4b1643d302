"""Files of JSON lines, one object a line, and the texts in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.errors import GoldFormatError


def numbered_lines(file: Path) -> list[tuple[str, str]]:
    """(place, line) of the lines that are not blank, without their ends; the place is the file and the line, for messages.

    Raises:
        GoldFormatError: the file cannot be read, or is not UTF-8.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise GoldFormatError(f"{file}, line {line}: not UTF-8; save the file as UTF-8.") from error
    except OSError as error:
        raise GoldFormatError(f"{file}, line 1: cannot be read ({error.strerror}); check the path.") from error
    # Not splitlines(): a JSON string may hold U+2028 and the like, which end no line of a JSON lines file.
    lines = enumerate(text.split("\n"), start=1)
    return [(f"{file}, line {number}", line.rstrip("\r")) for number, line in lines if line.strip()]


def records(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of each line that is not blank.

    Raises:
        GoldFormatError: the file cannot be read, or a line is no JSON object; the message names the file and the line.
    """
    for place, line in numbered_lines(file):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise GoldFormatError(f"{place}: broken JSON at column {error.colno} ({error.msg}).") from error
        except (ValueError, RecursionError) as error:
            raise GoldFormatError(f"{place}: a number is too long, or brackets are nested too deep ({error}).") from error
        if not isinstance(record, dict):
            raise GoldFormatError(f"{place}: found {type(record).__name__}; write a JSON object.")
        yield place, record


def text_of(place: str, key: str, value: Any) -> str:
    """The value of a key, once it is known to be a text that can be written down.

    Raises:
        GoldFormatError: it is no text, is blank, or holds half a surrogate pair, which no encoding has.
    """
    if not isinstance(value, str) or not value.strip():
        raise GoldFormatError(f"{place}: {key!r} is {value!r}; write a text that is not empty.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise GoldFormatError(f"{place}: {key!r} is {value!r}, with half a surrogate pair; write whole characters.") from error
    return value
