"""SQLite files: opened, read, written and closed in one way everywhere."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

_AT_ONCE = 500  # ids in a query; SQLite takes a limited number


class Storage:
    """One open SQLite file. Safe to use from several threads; a write is one transaction."""

    def __init__(self, path: Path, schema: str) -> None:
        """Opens the file, or makes it, and makes what the schema names and the file lacks.

        Raises:
            sqlite3.DatabaseError: the file cannot be opened, or is damaged.
        """
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            with self._connection:
                self._connection.executescript(schema)
        except sqlite3.DatabaseError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows that a query finds."""
        with self._lock, closing(self._connection.execute(query, tuple(values))) as cursor:
            return cursor.fetchall()

    def rows_of(self, query: str, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """All rows that a query finds for some ids, which stand where it says `{ids}`, however many they are."""
        found = []
        for first in range(0, len(ids), _AT_ONCE):
            some = ids[first : first + _AT_ONCE]
            found += self.rows(query.format(ids=",".join("?" * len(some))), some)
        return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Whatever is written inside is kept together, or, after an error, not at all. Others wait meanwhile."""
        with self._lock, self._connection as write:
            yield write

    def write(self, statement: str, values: Sequence[object]) -> None:
        """One statement, in a transaction of its own."""
        with self.transaction() as write:
            write.execute(statement, tuple(values))
