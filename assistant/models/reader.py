"""Reads a passage for a question: how relevant it is, whether it holds the answer, and in which words; or for a claim: whether
the passage says so."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from assistant.errors import ModelUnavailable
from assistant.models.weights import verify_file
from assistant.settings import PACKAGED_READER

LOWER_FILE, UPPER_FILE, TOKENIZER_FILE = "lower.onnx", "upper.onnx", "tokenizer.json"
FOLLOW_UPS_FILE, CLAIMS_FILE = "follow_ups.onnx", "claims.onnx"  # other upper layers on the same lower ones
FOLDER = Path(__file__).with_name("reader_model")
SHA256 = {
    LOWER_FILE: "52a6904522151d398ec9f0f2bcc4bdfdba25c4dfcbcb5d9ba3d3cff488a1ac00",
    UPPER_FILE: "fa6db41aa1ae785e5273fa2257f4eff4dbf0bcc551d6ec23892d1154471567fe",
    FOLLOW_UPS_FILE: "08b59222573a8aa612d54e091849a3c7e662147a2b1a9d015609aaa0ddcc5e04",
    CLAIMS_FILE: "5c210e10ce7c9bec8c249495b4257b32e7220aa64cc3d11428bc640e0965abf7",
    TOKENIZER_FILE: "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
_MAX_TOKENS = 512
_MAX_QUESTION_TOKENS = 128
_MAX_ANSWER_TOKENS = 30
RELEVANCE_WEIGHT = 1.5
# The margin where there is no span: a logit lower than any passage gets (the lowest of 400 pairs is -27), and still a number
# that can be added, weighed and written as JSON.
_NO_SPAN = -40.0
_KEPT = 4096  # readings
_LOWER_KEPT = 64  # what the lower layers made of pairs; one takes 0.3 MB


@dataclass(frozen=True, eq=False)
class Reading:
    """What one pass over (question, passage) found. Offsets count characters of the passage.

    relevance: logit; how well the passage fits the question. It ranks passages.
    answerable: logit; that the passage holds the answer.
    null: the logit of "no span answers".
    offsets: the passage's T tokens, shape (T, 2), half-open; `starts` and `ends`: their logits as first and last of the answer,
        shape (T,).
    """

    relevance: float
    answerable: float
    null: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]

    def best_span(self, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """The span of at most 30 tokens with the highest sum of logits, within the characters given; ties go to the earlier.

        None where no token lies there.
        """
        found = self._best(start, end)
        return None if found is None else (int(self.offsets[found[0], 0]), int(self.offsets[found[1], 1]))

    @property
    def score(self) -> float:
        """What passages are ranked by: that it answers, and then that it fits."""
        return self.certainty + RELEVANCE_WEIGHT * self.relevance

    @property
    def certainty(self) -> float:
        """How sure the answer is there: answerability and span margin, which err on different questions."""
        return self.answerable + self.margin / 2

    @cached_property
    def margin(self) -> float:
        """By how much the best span beats "no span answers", in logits; -40 for a passage without tokens."""
        found = self._best(0, None)
        return _NO_SPAN if found is None else found[2] - self.null

    def mass(self, start: int, end: int) -> float:
        """The probability that the answer, if the passage holds one, begins within the characters given."""
        if not len(self.starts):
            return 0.0
        weights = np.exp(self.starts - self.starts.max())
        inside = (self.offsets[:, 0] >= start) & (self.offsets[:, 0] < end)
        return float(weights[inside].sum() / weights.sum())

    def after(self, start: int) -> Reading:
        """The reading of the passage from a character on, such as what follows a title; offsets count from there."""
        kept = self.offsets[:, 0] >= start
        return dataclasses.replace(self, offsets=self.offsets[kept] - start, starts=self.starts[kept], ends=self.ends[kept])

    def _best(self, start: int, end: int | None) -> tuple[int, int, float] | None:
        inside = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 1] <= (np.inf if end is None else end)))
        if not inside.size:
            return None
        first = int(inside[0])
        ends = np.append(self.ends[inside], np.full(_MAX_ANSWER_TOKENS - 1, -np.inf, dtype=np.float32))
        # A row for each first token: its logit with that of each last token it may have.
        sums = self.starts[inside][:, None] + np.lib.stride_tricks.sliding_window_view(ends, _MAX_ANSWER_TOKENS)
        at, more = divmod(int(np.argmax(sums)), _MAX_ANSWER_TOKENS)
        return first + at, first + at + more, float(sums[at, more])


class Scorer(Protocol):
    """Anything that scores how well a passage fits a text; higher is better, the scale is its own."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Scores of (text, passage) pairs, shape (len(pairs),), in the order given."""
        ...


class Reader(Scorer, Protocol):
    """Anything that reads passages for questions."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Readings of (question, passage) pairs, in the order given."""
        ...

    def read_follow_ups(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Likewise, where a question begins with those asked before it, and only the last is to be answered."""
        ...

    def early_scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """What half a pass foresees of `Reading.score`, shape (len(pairs),), of (question, passage) pairs."""
        ...

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Logits that the passage says what the claim says, shape (len(pairs),), of (claim, passage) pairs. Given a question
        instead, they are a second opinion on whether the passage answers it."""
        ...


class OnnxReader:
    """The packaged reader: MiniLM-L12 with three heads, int8, on onnxruntime, and other upper layers that read follow-ups and
    others that judge claims. `reader_model/README.md` is its model card.

    The lower half of a pass serves all three, and tells already whether the upper half is worth its time: what it made of the
    last 64 pairs is kept.

    Each pair is a pass of its own, on one thread, as many at a time as there are cores: on two cores that is faster than
    padded batches on a shared thread pool, and a pair's reading never depends on its neighbours.
    """

    def __init__(self, *, threads: int = 0, folder: Path | None = None) -> None:
        """`threads` 0 means all cores; `folder` holds other files than the packaged ones, of the same names.

        Raises:
            ModelUnavailable: the packaged weights are missing or not the pinned ones.
        """
        if folder is None:
            for name, expected in SHA256.items():
                verify_file(FOLDER / name, expected, "pip install --force-reinstall --no-deps news-assistant")
        folder = folder or FOLDER
        self._folder = folder
        self._lower, self._upper = _session(folder / LOWER_FILE), _session(folder / UPPER_FILE)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(_MAX_TOKENS, strategy="only_second")
        self._tokenizer.no_padding()
        # Alone and uncut, to measure a question before it is paired.
        self._whole = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._whole.no_truncation()
        self._whole.no_padding()
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="reader")
        # A question asked again, or edited back, costs nothing; a reading takes about 4 KB.
        self._kept = lru_cache(maxsize=_KEPT)(self._read_pair)
        self._kept_follow_ups = lru_cache(maxsize=_KEPT)(self._read_follow_up)
        self._foreseen = lru_cache(maxsize=_KEPT)(self._foresee)
        self._judged = lru_cache(maxsize=_KEPT)(self._judge)
        self._halfway = lru_cache(maxsize=_LOWER_KEPT)(self._read_halfway)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading a pair. Passages are cut to fit 512 tokens together with the question."""
        return self._readings(self._kept, pairs)

    def read_follow_ups(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading a pair, of a question behind those asked before it. Passages are cut as in `read`."""
        return self._readings(self._kept_follow_ups, pairs)

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The relevance alone, shape (len(pairs),)."""
        return np.array([reading.relevance for reading in self.read(pairs)], dtype=np.float32)

    def early_scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """What half a pass foresees of `Reading.score`, shape (len(pairs),). Passages are cut as in `read`."""
        return np.fromiter(self._pool.map(self._foreseen, pairs), dtype=np.float32, count=len(pairs))

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Logits that the passage says what the claim says, shape (len(pairs),). Passages are cut as in `read`."""
        return np.fromiter(self._pool.map(self._judged, pairs), dtype=np.float32, count=len(pairs))

    def _readings(self, read: Callable[[tuple[str, str]], Reading], pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        # Longest first, so that no thread is left with a long pair at the end.
        order = sorted(range(len(pairs)), key=lambda i: (-len(pairs[i][1]), i))
        found = dict(zip(order, self._pool.map(read, [pairs[i] for i in order]), strict=True))
        return [found[i] for i in range(len(pairs))]

    @cached_property
    def _follow_ups(self) -> onnxruntime.InferenceSession:
        """Opened when the first follow-up is read."""
        return _session(self._folder / FOLLOW_UPS_FILE)

    @cached_property
    def _claims(self) -> onnxruntime.InferenceSession:
        """Opened when the first question finds something to read, or the first claim is judged."""
        return _session(self._folder / CLAIMS_FILE)

    def _read_halfway(self, text: str, passage: str) -> tuple[Encoding, NDArray[np.float32], float]:
        """The pair as L tokens, what the upper layers go on from, shape (1, L, 384), and the early score."""
        pair = self._tokenizer.encode(self._shorten(text), passage)
        feed = {"input_ids": np.array([pair.ids]), "token_type_ids": np.array([pair.type_ids])}
        lower, early = self._lower.run(["lower", "early"], feed)
        return pair, lower, float(early[0])

    def _foresee(self, question_and_passage: tuple[str, str]) -> float:
        return self._halfway(*question_and_passage)[2]

    def _judge(self, claim_and_passage: tuple[str, str]) -> float:
        _, lower, _ = self._halfway(*claim_and_passage)
        (entailed,) = self._claims.run(["entailed"], {"lower": lower})
        return float(entailed[0])

    def _read_pair(self, question_and_passage: tuple[str, str]) -> Reading:
        return self._read_with(self._upper, question_and_passage)

    def _read_follow_up(self, question_and_passage: tuple[str, str]) -> Reading:
        return self._read_with(self._follow_ups, question_and_passage)

    def _read_with(self, upper: onnxruntime.InferenceSession, question_and_passage: tuple[str, str]) -> Reading:
        pair, lower, _ = self._halfway(*question_and_passage)
        relevance, answerable, start, end = upper.run(["relevance", "answerable", "start", "end"], {"lower": lower})
        inside = np.array(pair.type_ids, dtype=bool) & ~np.array(pair.special_tokens_mask, dtype=bool)
        return Reading(
            relevance=float(relevance[0]),
            answerable=float(answerable[0]),
            null=float(start[0, 0] + end[0, 0]),
            offsets=np.array(pair.offsets, dtype=np.int64).reshape(-1, 2)[inside],
            starts=start[0, inside],
            ends=end[0, inside],
        )

    def _shorten(self, question: str) -> str:
        """Cuts a question that would leave no room for a passage."""
        if len(question) <= _MAX_QUESTION_TOKENS:  # a token has at least one character
            return question
        tokens = self._whole.encode(question, add_special_tokens=False)
        return question if len(tokens.ids) <= _MAX_QUESTION_TOKENS else question[: tokens.offsets[_MAX_QUESTION_TOKENS - 1][1]]


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_mem_pattern = False  # lengths vary: a plan per shape is made and never used again
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(path),
        sess_options=options,
        providers=["CPUExecutionProvider"],
        # On CPU the fused layer takes three times as long as the sum and the normalisation it stands for: a tenth of a pass.
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def load_reader(model: str = PACKAGED_READER, *, threads: int = 0) -> Reader:
    """The packaged reader, or the one in the folder that `model` names.

    Raises:
        ModelUnavailable: the folder cannot be reached or lacks one of the files, or the packaged files are not the pinned ones.
    """
    if model == PACKAGED_READER:
        return OnnxReader(threads=threads)
    folder = Path(model)
    try:
        missing = next((name for name in SHA256 if not (folder / name).is_file()), None)
    except OSError as error:
        raise ModelUnavailable(
            f"The reader {model!r} cannot be read ({error.strerror}); give another folder, or the packaged {PACKAGED_READER!r}."
        ) from error
    if missing:
        raise ModelUnavailable(
            f"The reader {model!r} has no {missing}; give a folder that train-reader, train-follow-ups and train-claims wrote."
        )
    return OnnxReader(threads=threads, folder=folder)
