"""The conversations on disk, in one SQLite file. Each belongs to one reader; nobody else's query finds it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import DatabaseError
from typing import Any

from pydantic import TypeAdapter

from assistant.errors import SettingsError, StorageError
from assistant.storage import Storage
from assistant.types import Answer, SearchFilter, Turn

MAX_TITLE_CHARACTERS = 80

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    conversation TEXT PRIMARY KEY, reader TEXT NOT NULL, title TEXT NOT NULL, share_key TEXT UNIQUE,
    touched INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_by_reader ON conversations (reader, touched);
CREATE TABLE IF NOT EXISTS exchanges (
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE, turn INTEGER NOT NULL,
    answer TEXT NOT NULL, filter TEXT NOT NULL, fingerprint TEXT NOT NULL, liked INTEGER,
    PRIMARY KEY (conversation, turn)
) WITHOUT ROWID;
"""
_ANSWER = TypeAdapter(Answer)
_FILTER = TypeAdapter(SearchFilter)
# What the reader gave a passage without tokens was once minus infinity, which became null. Only a key is matched: inside a text
# the quotes are escaped.
_ENDLESS = re.compile(r'"(score|margin)":null')


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, as kept. `turn` counts from 0; `liked` is what the reader said of it, None when nothing."""

    turn: int
    answer: Answer
    search_filter: SearchFilter
    liked: bool | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader said of an answer, with the settings fingerprint of its index, the turns before it, oldest first, and the
    filter it was found with."""

    answer: Answer
    liked: bool
    fingerprint: str
    history: tuple[Turn, ...] = ()
    search_filter: SearchFilter = field(default_factory=SearchFilter)


class Conversations:
    """One open file of conversations. Safe to use from several threads; a write is one transaction.

    All methods raise StorageError when the file cannot be read or written.
    """

    def __init__(self, path: Path, fingerprint: str = "") -> None:
        """Opens the file, or makes it; answers kept from now on are marked with the index fingerprint.

        Raises:
            SettingsError: the file cannot be written, or is damaged.
        """
        self._fingerprint = fingerprint
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._storage = Storage(path, _SCHEMA)
        except (OSError, DatabaseError) as error:
            raise SettingsError(
                f"Conversations cannot be kept in {str(path)!r} ({error}); move that file away, or name another index folder."
            ) from error

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        self._storage.close()

    def add(
        self,
        reader: str,
        conversation: str | None,
        answer: Answer,
        search_filter: SearchFilter,
        turn: int | None = None,
        shared: str = "",
    ) -> tuple[str, int]:
        """Keeps an answer as the conversation's next turn, or in the place of the one with the number `turn`, whose thumb goes
        with it. A new conversation begins with a copy of what stands under the key `shared`, without its thumbs.

        Returns:
            The conversation's id, a new one where `conversation` is None or isn't the reader's; and the turn.

        Raises:
            StorageError: the file cannot be written now.
        """
        with _told(), self._storage.transaction() as write:
            if conversation is None or not self._owns(reader, conversation):
                conversation = secrets.token_urlsafe(12)
                title = answer.question[:MAX_TITLE_CHARACTERS]
                write.execute("INSERT INTO conversations VALUES (?, ?, ?, NULL, 0)", (conversation, reader, title))
                write.execute(
                    "INSERT INTO exchanges SELECT ?, turn, answer, filter, fingerprint, NULL FROM exchanges "
                    "JOIN conversations USING (conversation) WHERE share_key = ?",
                    (conversation, shared),
                )
            (turn,) = write.execute(
                "INSERT OR REPLACE INTO exchanges SELECT ?, coalesce(min(?, max(turn) + 1), max(turn) + 1, 0), ?, ?, ?, NULL "
                "FROM exchanges WHERE conversation = ? RETURNING turn",
                (conversation, turn, _json(_ANSWER, answer), _json(_FILTER, search_filter), self._fingerprint, conversation),
            ).fetchone()
            write.execute(
                "UPDATE conversations SET touched = (SELECT max(touched) + 1 FROM conversations) WHERE conversation = ?",
                (conversation,),
            )
        return conversation, int(turn)

    def exchanges(self, reader: str, conversation: str | None) -> list[Exchange]:
        """The turns of one of the reader's conversations, oldest first; none for a conversation that isn't theirs."""
        return self._exchanges("conversation = ? AND reader = ?", (conversation, reader))

    def shared_exchanges(self, share_key: str) -> list[Exchange]:
        """The turns of a conversation that its reader shared, oldest first; none for an unknown key."""
        return self._exchanges("share_key = ?", (share_key,))

    def titles(self, reader: str) -> list[tuple[str, str]]:
        """Title and id of the reader's conversations, the last used first."""
        rows = self._rows("SELECT title, conversation FROM conversations WHERE reader = ? ORDER BY touched DESC", (reader,))
        return [(title, conversation) for title, conversation in rows]

    def rename(self, reader: str, conversation: str, title: str) -> None:
        """Gives a conversation another title; an empty one changes nothing."""
        if title := " ".join(title.split())[:MAX_TITLE_CHARACTERS]:
            self._write("UPDATE conversations SET title = ? WHERE conversation = ? AND reader = ?", (title, conversation, reader))

    def delete(self, reader: str, conversation: str) -> None:
        """Removes a conversation with everything in it."""
        self._write("DELETE FROM conversations WHERE conversation = ? AND reader = ?", (conversation, reader))

    def share(self, reader: str, conversation: str) -> str | None:
        """The key under which anyone who has it can read the conversation; None for one that isn't the reader's."""
        self._write(
            "UPDATE conversations SET share_key = ? WHERE conversation = ? AND reader = ? AND share_key IS NULL",
            (secrets.token_urlsafe(16), conversation, reader),
        )
        rows = self._rows("SELECT share_key FROM conversations WHERE conversation = ? AND reader = ?", (conversation, reader))
        return str(rows[0][0]) if rows else None

    def rate(self, reader: str, conversation: str, turn: int, liked: bool | None) -> None:
        """Keeps what the reader said of an answer; None takes it back."""
        self._write(
            "UPDATE exchanges SET liked = ? WHERE turn = ? AND conversation = "
            "(SELECT conversation FROM conversations WHERE conversation = ? AND reader = ?)",
            (liked, turn, conversation, reader),
        )

    def ratings(self) -> list[Rating]:
        """All answers that readers rated, in the order of conversation ids and turns."""
        rows = self._rows(
            "SELECT conversation, turn, answer, liked, fingerprint, filter FROM exchanges WHERE liked IS NOT NULL "
            "ORDER BY conversation, turn"
        )
        return [
            Rating(
                _answer(answer), bool(liked), fingerprint, self._turns_before(conversation, turn), _FILTER.validate_json(chosen)
            )
            for conversation, turn, answer, liked, fingerprint, chosen in rows
        ]

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with _told():
            return self._storage.rows(query, values)

    def _write(self, statement: str, values: Sequence[object]) -> None:
        with _told():
            self._storage.write(statement, values)

    def _turns_before(self, conversation: str, turn: int) -> tuple[Turn, ...]:
        return history_of(self._exchanges("conversation = ? AND turn < ?", (conversation, turn)))

    def _owns(self, reader: str, conversation: str) -> bool:
        return bool(self._rows("SELECT 1 FROM conversations WHERE conversation = ? AND reader = ?", (conversation, reader)))

    def _exchanges(self, condition: str, values: Sequence[object]) -> list[Exchange]:
        rows = self._rows(
            "SELECT turn, answer, filter, liked FROM exchanges JOIN conversations USING (conversation) "
            f"WHERE {condition} ORDER BY turn",
            values,
        )
        return [
            Exchange(turn, _answer(answer), _FILTER.validate_json(kept), None if liked is None else bool(liked))
            for turn, answer, kept, liked in rows
        ]


@contextmanager
def _told() -> Iterator[None]:
    """Says what SQLite refuses in words that a reader can use."""
    try:
        yield
    except DatabaseError as error:
        raise StorageError(
            f"Conversations cannot be read or kept now ({error}); see that the disk has room and no other program holds the file."
        ) from error


def history_of(exchanges: Iterable[Exchange]) -> tuple[Turn, ...]:
    """Exchanges as the engine wants them, oldest first."""
    return tuple(turn for e in exchanges for turn in (Turn("user", e.answer.question), Turn("assistant", e.answer.text)))


def _answer(kept: str) -> Answer:
    return _ANSWER.validate_json(_ENDLESS.sub(r'"\1":-1e9', kept))


def _json(kind: TypeAdapter[Any], value: object) -> str:
    return kind.dump_json(value).decode()
