"""Keeps replies of a chat model in SQLite, so that an identical request is not made twice. Off unless a file is named."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from langchain_core.caches import RETURN_VAL_TYPE, BaseCache
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, Generation

from assistant.errors import SettingsError
from assistant.storage import Storage

logger = logging.getLogger(__name__)
Message = tuple[str, str]  # role, text
_SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (digest TEXT PRIMARY KEY, reply TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB);
"""


class ReplyCache(BaseCache):
    """LangChain's cache interface over one SQLite file. It holds replies and digests of requests, never a request."""

    def __init__(self, path: str | Path) -> None:
        """Raises SettingsError when the file cannot be opened as such a cache."""
        try:
            self._storage = Storage(Path(path), _SCHEMA)
            self._storage.write("INSERT OR IGNORE INTO secret VALUES (1, ?)", [secrets.token_bytes(32)])
            ((self.secret,),) = self._storage.rows("SELECT value FROM secret")
        except sqlite3.Error as error:
            raise SettingsError(f"chat_cache is {str(path)!r}, which cannot be used ({error}); name another file.") from error

    def get(self, model: str, messages: Sequence[Message]) -> str | None:
        """The text kept for these messages to this model; None also where the file cannot be read, which is logged."""
        try:
            found = self.lookup(json.dumps(list(messages)), model)
        except sqlite3.Error as error:
            logger.warning("chat_cache cannot be read (%s); the chat model is asked instead", error)
            return None
        return found[0].text if found else None

    def put(self, model: str, messages: Sequence[Message], text: str) -> None:
        """Keeps a complete reply; where the file cannot be written, it is lost and that is logged."""
        try:
            self.update(json.dumps(list(messages)), model, [ChatGeneration(message=AIMessage(text))])
        except sqlite3.Error as error:
            logger.warning("chat_cache cannot be written (%s); this reply is not kept", error)

    def lookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        """What is kept for this prompt and model."""
        rows = self._storage.rows("SELECT reply FROM replies WHERE digest = ?", [_digest(prompt, llm_string)])
        return [ChatGeneration(message=AIMessage(text)) for text in json.loads(rows[0][0])] if rows else None

    def update(self, prompt: str, llm_string: str, return_val: Sequence[Generation]) -> None:
        """Keeps the texts of the generations, in the place of those kept before."""
        kept = json.dumps([generation.text for generation in return_val])
        self._storage.write("INSERT OR REPLACE INTO replies VALUES (?, ?)", [_digest(prompt, llm_string), kept])

    def clear(self, **kwargs: object) -> None:
        """Forgets all replies."""
        self._storage.write("DELETE FROM replies", [])

    def close(self) -> None:
        """Releases the file."""
        self._storage.close()


def _digest(prompt: str, llm_string: str) -> str:
    return hashlib.sha256(f"{llm_string}\0{prompt}".encode()).hexdigest()
