"""SQLite files: what is written together is kept together, by however many threads."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.storage import Storage

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (number INTEGER PRIMARY KEY, words TEXT) WITHOUT ROWID;"


@pytest.fixture
def storage(tmp_path: Path):
    opened = Storage(tmp_path / "notes.sqlite", SCHEMA)
    yield opened
    opened.close()


def test_what_was_written_is_there_after_closing(storage: Storage, tmp_path: Path):
    storage.write("INSERT INTO notes VALUES (?, ?)", (1, "one"))
    storage.close()
    storage.close()
    again = Storage(tmp_path / "notes.sqlite", SCHEMA)
    assert again.rows("SELECT * FROM notes WHERE number = ?", (1,)) == [(1, "one")]
    again.close()


def test_an_error_takes_the_whole_transaction_back(storage: Storage):
    with pytest.raises(sqlite3.IntegrityError), storage.transaction() as write:  # noqa: PT012
        write.execute("INSERT INTO notes VALUES (1, 'one')")
        write.execute("INSERT INTO notes VALUES (1, 'one again')")
    assert storage.rows("SELECT * FROM notes") == []


def test_many_threads_lose_nothing(storage: Storage):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: storage.write("INSERT INTO notes VALUES (?, ?)", (n, str(n))), range(100)))
    assert storage.rows("SELECT count(*), sum(number) FROM notes") == [(100, 4950)]


def test_a_file_that_is_no_database_is_refused_and_closed(tmp_path: Path):
    path = tmp_path / "notes.sqlite"
    path.write_bytes(b"not a database, though as long as the head of one would have to be" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        Storage(path, SCHEMA)
