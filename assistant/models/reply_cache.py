"""Keeps replies of a chat model in SQLite, so that an identical request is not made twice. Off unless a file is named."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from langchain_core.caches import RETURN_VAL_TYPE, BaseCache
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, Generation

from assistant.errors import SettingsError

Message = tuple[str, str]  # role, text


class ReplyCache(BaseCache):
    """LangChain's cache interface over one SQLite file. It holds replies and digests of requests, never a request."""

    def __init__(self, path: str | Path) -> None:
        """Raises SettingsError when the file cannot be opened as such a cache."""
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False)
            with self._db:
                self._db.execute("CREATE TABLE IF NOT EXISTS replies (digest TEXT PRIMARY KEY, reply TEXT NOT NULL)")
                self._db.execute("CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB)")
                self._db.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_bytes(32),))
            (self.secret,) = self._db.execute("SELECT value FROM secret").fetchone()
        except sqlite3.Error as error:
            raise SettingsError(f"chat_cache is {str(path)!r}, which cannot be used ({error}); name another file.") from error

    def get(self, model: str, messages: Sequence[Message]) -> str | None:
        """The text kept for these messages to this model."""
        found = self.lookup(json.dumps(list(messages)), model)
        return found[0].text if found else None

    def put(self, model: str, messages: Sequence[Message], text: str) -> None:
        """Keeps a complete reply."""
        self.update(json.dumps(list(messages)), model, [ChatGeneration(message=AIMessage(text))])

    def lookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        """What is kept for this prompt and model."""
        with self._lock:
            row = self._db.execute("SELECT reply FROM replies WHERE digest = ?", (_digest(prompt, llm_string),)).fetchone()
        return [ChatGeneration(message=AIMessage(text)) for text in json.loads(row[0])] if row else None

    def update(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        """Keeps the texts of the generations, in the place of those kept before."""
        kept = json.dumps([generation.text for generation in return_val])
        with self._lock, self._db:
            self._db.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (_digest(prompt, llm_string), kept))

    def clear(self, **kwargs: object) -> None:
        """Forgets all replies."""
        with self._lock, self._db:
            self._db.execute("DELETE FROM replies")

    def close(self) -> None:
        """Releases the file."""
        self._db.close()


def _digest(prompt: str, llm_string: str) -> str:
    return hashlib.sha256(f"{llm_string}\0{prompt}".encode()).hexdigest()
