"""What SQLite, Tantivy, Chroma and the file system raise, told as one kind of error that says what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import IndexDamaged, IndexingError

# Tantivy and Chroma tell a full disk as they tell a damaged file; only the words differ.
_OF_THE_DISK = re.compile(r"\bdisk is full|\bdisk I/O|\bos error\b|\breadonly\b|\bunable to open\b|\bis locked\b|\bLockfile\b")


@contextmanager
def faults_told(part: Path, *foreign: type[Exception]) -> Iterator[None]:
    """Turns what goes wrong inside with a file or folder of an index into an `IndexingError`; `foreign` errors too.

    A full disk, or a folder that may not be written, is told apart from damage: the index is whole, and deleting it would not
    help.
    """
    told: tuple[type[Exception], ...] = (OSError, sqlite3.DatabaseError, ValueError, *foreign)
    try:
        yield
    except (sqlite3.ProgrammingError, UnicodeEncodeError):  # the caller's: it reads what was closed, or asks for half a character
        raise
    except told as error:
        raise (unusable(part.parent, error) if _is_of_the_disk(error) else IndexDamaged(part, str(error))) from error
    except BaseException as error:
        # A bound that Tantivy or Chroma found broken: no Exception, and nowhere exported.
        if type(error).__name__ == "PanicException":
            raise IndexDamaged(part, str(error)) from error
        raise


def unusable(folder: Path, error: Exception) -> IndexingError:
    """The error for an index that is whole but cannot be reached."""
    return IndexingError(
        f"The index in {str(folder)!r} cannot be written or read ({error}); make room on its disk, see that you may write there, "
        "or name another folder with --index."
    )


def _is_of_the_disk(error: Exception) -> bool:
    if isinstance(error, FileExistsError):  # a file where a folder belongs
        return False
    if "Could not decode" in str(error):  # SQLite counts it among the failures of the disk
        return False
    return isinstance(error, OSError | sqlite3.OperationalError) or bool(_OF_THE_DISK.search(str(error)))
