"""Turns texts into a vector for each of their tokens, so that a question's words can each look for their like in a passage.

Late interaction (Khattab and Zaharia 2020, ColBERT) with answerai-colbert-small-v1 (Clavié 2024; Apache-2.0).
`token_encoder.md` is its card.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.models.reader import FOLDER, SHA256, TOKENIZER_FILE
from assistant.models.sessions import open_session
from assistant.models.weights import verify_file

DIMENSIONS = 96
_FILE = Path(__file__).with_name("token_encoder.onnx")
_SHA256 = "cf3658375ac55c119b7d37032557116bd2eb37a5f5cb4742ab0bda3f5398e5ab"
_REMEDY = "pip install --force-reinstall --no-deps news-assistant"
_MAX_TOKENS = 512
_KEPT = 256  # questions


class TokenEncoder(Protocol):
    """Anything that gives a text a vector for each of its tokens."""

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """The vectors of a question, each of unit length, shape (tokens, dimensions)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> list[NDArray[np.int8]]:
        """Those of passages in bytes, each of shape (tokens, dimensions), in the order given; `best_matches` takes them."""
        ...


class ColbertEncoder:
    """The packaged model, int8 on onnxruntime, opened when it is first needed. Safe in several threads."""

    def __init__(self, *, threads: int = 0, file: Path | None = None) -> None:
        """`threads` 0 means all cores; `file` is another network than the packaged one.

        Raises:
            ModelUnavailable: the packaged network is missing or not the pinned one.
        """
        if file is None:
            verify_file(_FILE, _SHA256, _REMEDY)
        self._file = file or _FILE
        self._threads = threads or os.cpu_count() or 1
        self._opening = Lock()
        self._opened: tuple[Tokenizer, onnxruntime.InferenceSession] | None = None
        self._questions = lru_cache(maxsize=_KEPT)(self._encode)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """The vectors of a question, each of unit length, shape (tokens, 96); at most 512 tokens are read."""
        return self._questions(text)

    def encode_passages(self, texts: Sequence[str]) -> list[NDArray[np.int8]]:
        """Those of passages, in bytes. A passage is a pass, as many at a time as there are threads."""
        with ThreadPoolExecutor(self._threads, thread_name_prefix="token-encoder") as pool:
            return [in_bytes(vectors) for vectors in pool.map(self._encode, texts)]

    def _encode(self, text: str) -> NDArray[np.float32]:
        tokenizer, session = self._ready()
        (vectors,) = session.run(["vectors"], {"input_ids": np.array([tokenizer.encode(text).ids])})
        found: NDArray[np.float32] = vectors[0]
        found.setflags(write=False)
        return found

    def _ready(self) -> tuple[Tokenizer, onnxruntime.InferenceSession]:
        with self._opening:
            if self._opened is None:
                self._opened = bert_tokenizer(), open_session(self._file)
            return self._opened


@cache
def load_token_encoder(threads: int = 0) -> ColbertEncoder:
    """The packaged encoder, one for all who ask for so many threads.

    Raises:
        ModelUnavailable: its network is missing or not the pinned one.
    """
    return ColbertEncoder(threads=threads)


def bert_tokenizer() -> Tokenizer:
    """BERT's own word pieces, which the small network of the reader has too; cut at 512 tokens."""
    file = FOLDER / TOKENIZER_FILE
    verify_file(file, SHA256[TOKENIZER_FILE], _REMEDY)
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def in_bytes(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Vectors as a passage's are kept: the largest number of each becomes 127 or -127, and its length is lost."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=np.finfo(np.float32).tiny)
    scaled: NDArray[np.int8] = np.rint(vectors / largest * 127).astype(np.int8)
    return scaled


def best_matches(question: NDArray[np.float32], passages: Sequence[NDArray[np.int8]]) -> NDArray[np.float32]:
    """For each of P passages and each of the question's T tokens the cosine with the passage's token that is most like it, shape
    (P, T). Their mean is MaxSim over the number of tokens, so that questions of any length compare. 0 for a passage without
    tokens.
    """
    found = np.zeros((len(passages), len(question)), dtype=np.float32)
    held = [at for at, passage in enumerate(passages) if len(passage)]
    if not held or not len(question):
        return found
    tokens = np.concatenate([passages[at] for at in held]).astype(np.float32)
    lengths = np.sqrt(np.einsum("td,td->t", tokens, tokens)).clip(min=1.0)
    begins = np.cumsum([0, *(len(passages[at]) for at in held[:-1])])
    found[held] = np.maximum.reduceat(question @ tokens.T / lengths, begins, axis=1).T
    return found
