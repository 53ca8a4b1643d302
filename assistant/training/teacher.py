"""The cross-encoder that the reader begins as, and learns its relevance from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from assistant.models.weights import MS_MARCO

_MAX_TOKENS = 512
_MAX_QUESTION_TOKENS = 128


class CrossEncoder:
    """The packaged ms-marco-MiniLM-L-12-v2, int8, on onnxruntime. Scores are logits.

    Each pair is a pass of its own, on one thread, as many at a time as there are cores: on two cores 24 ms for a pair of
    172 tokens, against 30 ms in padded batches on a shared thread pool. And a pair's score never depends on its neighbours.
    """

    def __init__(self, *, threads: int = 0) -> None:
        """`threads` 0 means all cores.

        Raises:
            ModelUnavailable: the weights are missing or not the pinned ones.
        """
        folder = MS_MARCO.locate()
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
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="reranker")

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Logits, shape (len(pairs),). Passages are cut to fit 512 tokens together with the question."""
        encoded = self._tokenizer.encode_batch([(self._shorten(question), passage) for question, passage in pairs])
        # Longest first, so that no thread is left with a long pair at the end.
        order = sorted(range(len(encoded)), key=lambda i: (-len(encoded[i].ids), i))
        scores = np.empty(len(encoded), dtype=np.float32)
        scores[order] = list(self._pool.map(self._score_pair, [encoded[i] for i in order]))
        return scores

    def _score_pair(self, pair: Encoding) -> float:
        feed = {"input_ids": pair.ids, "attention_mask": pair.attention_mask, "token_type_ids": pair.type_ids}
        (logits,) = self._session.run(["logits"], {name: np.array([ids], dtype=np.int64) for name, ids in feed.items()})
        return float(logits[0, 0])

    def _shorten(self, question: str) -> str:
        """Cuts a question that would leave no room for a passage."""
        if len(question) <= _MAX_QUESTION_TOKENS:  # a token has at least one character
            return question
        tokens = self._whole.encode(question, add_special_tokens=False)
        return question if len(tokens.ids) <= _MAX_QUESTION_TOKENS else question[: tokens.offsets[_MAX_QUESTION_TOKENS - 1][1]]
