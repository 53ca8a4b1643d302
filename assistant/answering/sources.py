"""Writes articles into a prompt as data: between marks that their authors cannot guess, under keys that mean nothing."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.abstention import long_date
from assistant.types import Article, Chunk

_CONSONANTS = "bcdfghjkmnpqrstvwxz"
_DIGITS = "23456789"
# What chat models take for the beginning or the end of a message, and headings of our own.
_TEMPLATE_TOKENS = re.compile(
    r"<\|[^<>\n]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?(?:think|tool_call|system|assistant|user)>"
    r"|^\s*#{1,6}\s*(?:system|user|assistant|instruction|response)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
_OUR_MARKS = re.compile(r"\b(?:BEGIN|END)(?=\s+[0-9a-f]{8,})")


@dataclass(frozen=True, slots=True)
class SourceSheet:
    """The sources of one request: `text` for the prompt, `mark` around each, and `keys` from key to number (from 1)."""

    text: str
    mark: str
    keys: Mapping[str, int]


def source_sheet(chunks: Sequence[Chunk], articles: Mapping[str, Article], secret: bytes, question: str) -> SourceSheet:
    """Each chunk under a key of its own.

    Mark and keys are drawn from the secret and the request: an author can't guess them, and the same request gets the same
    ones again, as a cache needs it.
    """
    request = "\0".join([question, *(f"{chunk.article_id}:{chunk.start}:{chunk.end}:{chunk.text}" for chunk in chunks)])
    draw = _numbers(secret, request.encode(errors="replace"))
    mark = "".join(f"{next(draw):02x}" for _ in range(12))
    written = [_written(articles[chunk.article_id], chunk) for chunk in chunks]
    taken = "\n".join(written).lower()
    keys: dict[str, int] = {}
    while len(keys) < len(chunks):
        key = "".join(letters[next(draw) % len(letters)] for letters in (_CONSONANTS, _CONSONANTS, _DIGITS, _CONSONANTS))
        if key not in keys and key not in taken:
            keys[key] = len(keys) + 1
    blocks = [f"BEGIN {mark}, key [{key}]\n{text}\nEND {mark}" for key, text in zip(keys, written, strict=True)]
    return SourceSheet("\n\n".join(blocks), mark, keys)


def as_data(text: str) -> str:
    """A text without what could be taken for anything else: invisible characters, tokens of chat templates, marks like ours."""
    visible = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cf", "Cc", "Cs", "Co", "Cn"})
    return _OUR_MARKS.sub("-", _TEMPLATE_TOKENS.sub(" ", visible))


def _written(article: Article, chunk: Chunk) -> str:
    about = [article.title, article.source, long_date(article.published) if article.published else None]
    head = " | ".join(" ".join(as_data(part).split()) for part in about if part)
    return f"{head}\n{as_data(chunk.text)}"


def _numbers(secret: bytes, request: bytes) -> Iterator[int]:
    """Bytes without end, by HMAC-SHA256 in counter mode."""
    digest = hashlib.sha256(request).digest()
    counter = 0
    while True:
        yield from hmac.digest(secret, digest + counter.to_bytes(8, "big"), "sha256")
        counter += 1
