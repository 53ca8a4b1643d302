"""Reads a passage for a question: how relevant it is, whether it holds the answer, and in which words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from assistant.models.weights import verify_file

FOLDER = Path(__file__).with_name("reader_model")
SHA256 = {
    "model.onnx": "",
    "tokenizer.json": "",
}
_MAX_TOKENS = 512
_MAX_QUESTION_TOKENS = 128
_MAX_ANSWER_TOKENS = 30


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over (question, passage) found. The first three are logits.

    relevance: how well the passage fits the question; ranks passages.
    answerable: that the passage holds the answer.
    margin: how much better the best span is than no span.
    start, end: the best span, half-open characters of the passage; the whole passage where it has no token.
    """

    relevance: float
    answerable: float
    margin: float
    start: int
    end: int


class Reader(Protocol):
    """Anything that reads passages for questions."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Readings of (question, passage) pairs, in the order given."""
        ...


class OnnxReader:
    """The packaged reader: MiniLM-L12 with three heads, int8, on onnxruntime. `reader_model/README.md` is its model card.

    Each pair is a pass of its own, on one thread, as many at a time as there are cores: on two cores that is faster than
    padded batches on a shared thread pool, and a pair's reading never depends on its neighbours.
    """

    def __init__(self, *, threads: int = 0, folder: Path | None = None) -> None:
        """`threads` 0 means all cores; `folder` holds another model.onnx and tokenizer.json than the packaged ones.

        Raises:
            ModelUnavailable: the packaged weights are missing or not the pinned ones.
        """
        if folder is None:
            for name, expected in SHA256.items():
                verify_file(FOLDER / name, expected, "pip install --force-reinstall --no-deps news-assistant")
        folder = folder or FOLDER
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_mem_pattern = False  # lengths vary: a plan per shape is made and never used again
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_TOKENS, strategy="only_second")
        self._tokenizer.no_padding()
        # Alone and uncut, to measure a question before it is paired.
        self._whole = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._whole.no_truncation()
        self._whole.no_padding()
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="reader")

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading a pair. Passages are cut to fit 512 tokens together with the question."""
        encoded = self._tokenizer.encode_batch([(self._shorten(question), passage) for question, passage in pairs])
        # Longest first, so that no thread is left with a long pair at the end.
        order = sorted(range(len(encoded)), key=lambda i: (-len(encoded[i].ids), i))
        found = self._pool.map(self._read_pair, [encoded[i] for i in order], [pairs[i][1] for i in order])
        return [reading for _, reading in sorted(zip(order, found, strict=True), key=lambda entry: entry[0])]

    def _read_pair(self, pair: Encoding, passage: str) -> Reading:
        feed = {"input_ids": pair.ids, "attention_mask": pair.attention_mask, "token_type_ids": pair.type_ids}
        relevance, answerable, start, end = self._session.run(
            ["relevance", "answerable", "start", "end"],
            {name: np.array([ids], dtype=np.int64) for name, ids in feed.items()},
        )
        inside = np.array(pair.type_ids, dtype=bool) & ~np.array(pair.special_tokens_mask, dtype=bool)
        span = _best_span(start[0], end[0], inside)
        if span is None:
            return Reading(float(relevance[0]), float(answerable[0]), -float("inf"), 0, len(passage))
        first, last, score = span
        margin = score - float(start[0, 0] + end[0, 0])
        return Reading(float(relevance[0]), float(answerable[0]), margin, pair.offsets[first][0], pair.offsets[last][1])

    def _shorten(self, question: str) -> str:
        """Cuts a question that would leave no room for a passage."""
        if len(question) <= _MAX_QUESTION_TOKENS:  # a token has at least one character
            return question
        tokens = self._whole.encode(question, add_special_tokens=False)
        return question if len(tokens.ids) <= _MAX_QUESTION_TOKENS else question[: tokens.offsets[_MAX_QUESTION_TOKENS - 1][1]]


def _best_span(
    start: NDArray[np.float32], end: NDArray[np.float32], inside: NDArray[np.bool_]
) -> tuple[int, int, float] | None:
    """First and last token of the span of at most 30 tokens with the highest sum of logits, and that sum; ties go to the
    earlier. None where the passage has no token."""
    tokens = np.flatnonzero(inside)
    if not tokens.size:
        return None
    first, last = int(tokens[0]), int(tokens[-1]) + 1
    sums = start[first:last, None] + end[None, first:last]
    allowed = np.triu(np.ones(sums.shape, dtype=bool)) & ~np.triu(np.ones(sums.shape, dtype=bool), _MAX_ANSWER_TOKENS)
    best = int(np.argmax(np.where(allowed, sums, -np.inf)))
    at, to = divmod(best, last - first)
    return first + at, first + to, float(sums[at, to])
