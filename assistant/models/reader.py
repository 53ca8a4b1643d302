"""Reads a passage for a question: whether it holds the answer, and in which words; or for a claim: whether it says so."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.errors import ModelUnavailable
from assistant.models.reading import Reading, Skim
from assistant.models.sessions import open_session
from assistant.models.weights import verify_file
from assistant.settings import PACKAGED_READER

READER_FILE, READER_TOKENIZER_FILE = "reader.onnx", "reader-tokenizer.json"
# The small network's, and other upper layers of it that read follow-ups, and that judge claims.
LOWER_FILE, UPPER_FILE, TOKENIZER_FILE = "lower.onnx", "upper.onnx", "tokenizer.json"
FOLLOW_UPS_FILE, CLAIMS_FILE = "follow_ups.onnx", "claims.onnx"
FOLDER = Path(__file__).with_name("reader_model")
SHA256 = {
    READER_FILE: "ac6d3e06d0f65719060a25967b6528170f4373d61d28bec47850d3ff9fd6a531",
    READER_TOKENIZER_FILE: "8a1a1aab034fd891ebb6d1f6884900ffb510069318bcd08961dae3e5beaa622e",
    LOWER_FILE: "52a6904522151d398ec9f0f2bcc4bdfdba25c4dfcbcb5d9ba3d3cff488a1ac00",
    UPPER_FILE: "fa6db41aa1ae785e5273fa2257f4eff4dbf0bcc551d6ec23892d1154471567fe",
    FOLLOW_UPS_FILE: "08b59222573a8aa612d54e091849a3c7e662147a2b1a9d015609aaa0ddcc5e04",
    CLAIMS_FILE: "5c210e10ce7c9bec8c249495b4257b32e7220aa64cc3d11428bc640e0965abf7",
    TOKENIZER_FILE: "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
_MAX_TOKENS = 512
_MAX_QUESTION_TOKENS = 128
_KEPT = 4096  # readings
_LOWER_KEPT = 64  # what the lower layers made of pairs; one takes 0.3 MB
_TRIAL = "Who reads?", "The reader reads."  # what files that claim to be a reader's must be able to read

Found = TypeVar("Found")


class Scorer(Protocol):
    """Anything that scores how well a passage fits a text; higher is better, the scale is its own."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Scores of (text, passage) pairs, shape (len(pairs),), in the order given."""
        ...


class Reader(Scorer, Protocol):
    """Anything that reads passages for questions and claims: a small network tells which passages are worth reading, another
    reads them."""

    def early_scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """What half a pass of the small network foresees of `Skim.score`, shape (len(pairs),), of (question, passage) pairs."""
        ...

    def skim(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        """What the small network makes of (question, passage) pairs, in the order given."""
        ...

    def skim_follow_ups(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        """Likewise, where a question begins with those asked before it, and only the last is to be answered."""
        ...

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Likewise its logits that the passage says what the claim says, shape (len(pairs),), of (claim, passage) pairs."""
        ...

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Readings of (text, passage) pairs, in the order given. A text is a question, behind those asked before it if it
        follows some, or a claim."""
        ...


class OnnxReader:
    """The packaged networks, int8 on onnxruntime: DeBERTa-v3-xsmall with heads for answer, answerability and entailment, which
    reads, and MiniLM-L12, which skims, in two halves: the first tells already whether the second is worth its time.
    `reader_model/README.md` is their model card.

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
        self._folder = folder = folder or FOLDER
        self._lower, self._upper, self._reader = (_session(folder / name) for name in (LOWER_FILE, UPPER_FILE, READER_FILE))
        self._skimmed = _Pairs(folder / TOKENIZER_FILE, text_first=True)
        self._whole = _Pairs(folder / READER_TOKENIZER_FILE, text_first=False)
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="reader")
        # A question asked again, or edited back, costs nothing; a reading takes about 4 KB.
        self._readings = lru_cache(maxsize=_KEPT)(self._read_pair)
        self._skims = lru_cache(maxsize=_KEPT)(lambda pair: self._skim_pair(self._upper, pair))
        self._follow_up_skims = lru_cache(maxsize=_KEPT)(lambda pair: self._skim_pair(self._follow_ups, pair))
        self._judged = lru_cache(maxsize=_KEPT)(self._judge)
        self._foreseen = lru_cache(maxsize=_KEPT)(self._foresee)
        self._halfway = lru_cache(maxsize=_LOWER_KEPT)(self._skim_halfway)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading a pair. Passages are cut to fit 512 tokens together with the text."""
        return self._each(self._readings, pairs)

    def skim(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        """One skim a pair. Passages are cut as in `read`."""
        return self._each(self._skims, pairs)

    def skim_follow_ups(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        """One skim a pair, of a question behind those asked before it. Passages are cut as in `read`."""
        return self._each(self._follow_up_skims, pairs)

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The small network's logits that the passage says what the claim says, shape (len(pairs),)."""
        return np.fromiter(self._pool.map(self._judged, pairs), dtype=np.float32, count=len(pairs))

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The relevance alone, shape (len(pairs),)."""
        return np.array([skim.relevance for skim in self.skim(pairs)], dtype=np.float32)

    def early_scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """What half a pass foresees of `Skim.score`, shape (len(pairs),). Passages are cut as in `read`."""
        return np.fromiter(self._pool.map(self._foreseen, pairs), dtype=np.float32, count=len(pairs))

    def _each(self, work: Callable[[tuple[str, str]], Found], pairs: Sequence[tuple[str, str]]) -> list[Found]:
        # Longest first, so that no thread is left with a long pair at the end.
        order = sorted(range(len(pairs)), key=lambda i: (-len(pairs[i][1]), i))
        found = dict(zip(order, self._pool.map(work, [pairs[i] for i in order]), strict=True))
        return [found[i] for i in range(len(pairs))]

    @cached_property
    def _follow_ups(self) -> onnxruntime.InferenceSession:
        """Opened when the first follow-up is read."""
        return _session(self._folder / FOLLOW_UPS_FILE)

    @cached_property
    def _claims(self) -> onnxruntime.InferenceSession:
        """Opened when the first claim is judged."""
        return _session(self._folder / CLAIMS_FILE)

    def _judge(self, claim_and_passage: tuple[str, str]) -> float:
        _, lower, _ = self._halfway(claim_and_passage)
        (entailed,) = self._claims.run(["entailed"], {"lower": lower})
        return float(entailed[0])

    def _skim_halfway(self, question_and_passage: tuple[str, str]) -> tuple[_Tokens, NDArray[np.float32], float]:
        """The pair as L tokens, what the upper layers go on from, shape (1, L, 384), and the early score."""
        pair = self._skimmed.encode(*question_and_passage)
        lower, early = self._lower.run(["lower", "early"], {"input_ids": pair.ids, "token_type_ids": pair.types})
        return pair, lower, float(early[0])

    def _foresee(self, question_and_passage: tuple[str, str]) -> float:
        return self._halfway(question_and_passage)[2]

    def _skim_pair(self, upper: onnxruntime.InferenceSession, question_and_passage: tuple[str, str]) -> Skim:
        pair, lower, _ = self._halfway(question_and_passage)
        relevance, answerable, start, end = upper.run(["relevance", "answerable", "start", "end"], {"lower": lower})
        whole = pair.reading(float(answerable[0]), 0.0, start, end)
        return Skim(float(relevance[0]), whole.answerable, whole.margin, whole)

    def _read_pair(self, text_and_passage: tuple[str, str]) -> Reading:
        pair = self._whole.encode(*text_and_passage)
        answerable, entailed, start, end = self._reader.run(["answerable", "entailed", "start", "end"], {"input_ids": pair.ids})
        return pair.reading(float(answerable[0]), float(entailed[0]), start, end)


@dataclass(frozen=True, eq=False)
class _Tokens:
    """A pair as L tokens: `ids` and `types`, (1, L); which are the passage's, `inside` (L,); and where those stand, `offsets`."""

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    inside: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    def reading(self, answerable: float, entailed: float, start: NDArray[np.float32], end: NDArray[np.float32]) -> Reading:
        """From logits of all tokens, each (1, L)."""
        null = float(start[0, 0] + end[0, 0])
        return Reading(answerable, entailed, null, self.offsets, start[0, self.inside], end[0, self.inside])


class _Pairs:
    """Makes tokens of pairs, in the order in which a network was trained to take them."""

    def __init__(self, tokenizer: Path, *, text_first: bool) -> None:
        self._text_first = text_first
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_MAX_TOKENS, strategy="only_second" if text_first else "only_first")
        self._tokenizer.no_padding()
        # Alone and uncut, to measure a text before it is paired.
        self._whole = Tokenizer.from_file(str(tokenizer))
        self._whole.no_truncation()
        self._whole.no_padding()

    def encode(self, text: str, passage: str) -> _Tokens:
        """The pair, cut to 512 tokens; offsets count characters of the passage."""
        text = self._shorten(text)
        pair = self._tokenizer.encode(*((text, passage) if self._text_first else (passage, text)))
        of_passage = int(self._text_first)
        inside = (np.array(pair.type_ids) == of_passage) & ~np.array(pair.special_tokens_mask, dtype=bool)
        places = [
            (start + (start < end and passage[start].isspace()), end)  # a token may begin with the space before its word
            for (start, end), kept in zip(pair.offsets, inside, strict=True)
            if kept
        ]
        return _Tokens(np.array([pair.ids]), np.array([pair.type_ids]), inside, np.array(places, dtype=np.int64).reshape(-1, 2))

    def _shorten(self, text: str) -> str:
        """Cuts a text that would leave no room for a passage."""
        if len(text) <= _MAX_QUESTION_TOKENS:  # a token has at least one character
            return text
        tokens = self._whole.encode(text, add_special_tokens=False)
        return text if len(tokens.ids) <= _MAX_QUESTION_TOKENS else text[: tokens.offsets[_MAX_QUESTION_TOKENS - 1][1]]


def _session(path: Path) -> onnxruntime.InferenceSession:
    # On CPU the fused layer takes three times as long as the sum and the normalisation it stands for: a tenth of a pass.
    return open_session(path, without=["SkipLayerNormFusion"])


def load_reader(model: str = PACKAGED_READER, *, threads: int = 0) -> Reader:
    """The packaged reader, or the one in the folder that `model` names.

    Raises:
        ModelUnavailable: the folder cannot be reached, lacks one of the files or has another thing in its place, or the packaged
            files are not the pinned ones.
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
        raise ModelUnavailable(f"The reader {model!r} has no {missing}; give a folder that train-reader wrote.")
    try:
        reader = OnnxReader(threads=threads, folder=folder)
        reader.skim([_TRIAL])
        reader.read([_TRIAL])
    except Exception as error:  # the libraries that open the files have no narrower class for all that may be wrong with them
        raise ModelUnavailable(
            f"The reader {model!r} has files that are not a reader's ({error}); give a folder that train-reader wrote."
        ) from error
    return reader
