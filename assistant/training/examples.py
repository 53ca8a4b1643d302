"""What the network sees: (question, passage) pairs as tokens, with their targets, in batches of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from assistant.index.documents import search_text
from assistant.models.weights import MS_MARCO
from assistant.training.negatives import Mined
from assistant.training.squad import Question
from assistant.training.tricks import names_of, trick_question

MAX_TOKENS = 320
BATCH_TOKENS = 3072  # sixteen pairs of 192 tokens
_MOST_IN_A_BATCH = 32
# Shares of the questions, drawn anew each epoch.
_WITH_TITLE = 0.5
_WITH_TRICK = 0.3
_WITH_NEGATIVE = 0.9


@dataclass(frozen=True, slots=True)
class Example:
    """A pair and its targets: the answer's half-open span in the passage, or None; the teacher's logit, or None."""

    question: str
    passage: str
    span: tuple[int, int] | None
    relevance: float | None


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example as token ids, of the question and then the passage. `start` and `end` are its span's first and last token;
    both 0, at [CLS], where the passage doesn't answer."""

    ids: list[int]
    types: list[int]
    start: int
    end: int
    relevance: float | None


@dataclass(frozen=True, slots=True)
class Batch:
    """B examples padded to L tokens. `relevance` is NaN where the teacher was not asked."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    start: Tensor
    end: Tensor
    relevance: Tensor


def load_tokenizer(folder: Path | None = None) -> Tokenizer:
    """The cross-encoder's tokenizer, without padding."""
    tokenizer = Tokenizer.from_file(str((folder or MS_MARCO.locate()) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    return tokenizer


def epoch_examples(questions: Sequence[Question], mined: Mapping[str, Mined], seed: int) -> list[Example]:
    """One epoch: each question with its passage; some again changed so that it has no answer, some with a hard negative."""
    chance = random.Random(seed)
    names = names_of(list(dict.fromkeys(q.passage for q in questions)))
    by_subject: dict[str, list[str]] = {}
    for question in questions:
        passages = by_subject.setdefault(question.subject if question.title else question.file, [])
        if not passages or passages[-1] != question.passage:
            passages.append(question.passage)
    examples = []
    for question in questions:
        others = by_subject[question.subject if question.title else question.file]
        title = question.title if chance.random() < _WITH_TITLE else ""
        found = mined.get(question.question_id)
        span = chance.choice(question.answers) if question.answers else None
        examples.append(_titled(title, question.text, question.passage, span, found.relevance if found else None))
        if question.answers and chance.random() < _WITH_TRICK:
            trick = trick_question(question, names, others, chance)
            if trick:
                examples.append(_titled(title, trick, question.passage, None, None))
        if found and found.negatives and chance.random() < _WITH_NEGATIVE:
            # The first negative has the teacher's logit and is the hardest; the rest are for variety.
            pick = chance.choice([0, 0, *range(len(found.negatives))])
            relevance = found.negative_relevance if pick == 0 else None
            examples.append(_titled("", question.text, found.negatives[pick], None, relevance))
    chance.shuffle(examples)
    return examples


def _titled(title: str, question: str, passage: str, span: tuple[int, int] | None, relevance: float | None) -> Example:
    if not title:
        return Example(question, passage, span, relevance)
    text = search_text(title, passage)
    shift = len(text) - len(passage)
    # The teacher read the passage alone; its logit doesn't hold for the passage with its title.
    return Example(question, text, (span[0] + shift, span[1] + shift) if span else None, None)


def encode(example: Example, tokenizer: Tokenizer) -> Encoded | None:
    """Tokens of an example, at most 320; a passage whose answer lies beyond begins later. None where a span has no token."""
    passage, span = example.passage, example.span
    encoded = tokenizer.encode(example.question, passage)
    if span and (not encoded.offsets or max(end for (_, end), kind in _passage_tokens(encoded)) < span[1]):
        cut = max(0, span[0] - 400)
        cut = passage.find(" ", cut) + 1 if cut else 0
        passage, span = passage[cut:], (span[0] - cut, span[1] - cut)
        encoded = tokenizer.encode(example.question, passage)
    start = end = 0
    if span:
        inside = [
            index
            for index, (offsets, kind, special) in enumerate(
                zip(encoded.offsets, encoded.type_ids, encoded.special_tokens_mask, strict=True)
            )
            if kind == 1 and not special and offsets[0] < span[1] and offsets[1] > span[0]
        ]
        if not inside:
            return None
        start, end = inside[0], inside[-1]
    return Encoded(encoded.ids, encoded.type_ids, start, end, example.relevance)


def _passage_tokens(encoded: object) -> list[tuple[tuple[int, int], int]]:
    rows = zip(encoded.offsets, encoded.type_ids, encoded.special_tokens_mask, strict=True)  # type: ignore[attr-defined]
    return [(offsets, kind) for offsets, kind, special in rows if kind == 1 and not special] or [((0, 0), 1)]


def batches(encoded: Sequence[Encoded], seed: int) -> list[list[Encoded]]:
    """Batches of about 3,072 tokens with padding, of like length, in random order."""
    chance = random.Random(seed)
    order = sorted(encoded, key=lambda e: (len(e.ids) + chance.random() * 8))
    groups: list[list[Encoded]] = [[]]
    for each in order:
        if groups[-1] and (len(groups[-1]) == _MOST_IN_A_BATCH or (len(groups[-1]) + 1) * len(each.ids) > BATCH_TOKENS):
            groups.append([])
        groups[-1].append(each)
    chance.shuffle(groups)
    return groups


def collate(group: Sequence[Encoded]) -> Batch:
    """Pads a group to its longest."""
    length = max(len(each.ids) for each in group)

    def padded(rows: Iterator[list[int]]) -> Tensor:
        return torch.tensor([row + [0] * (length - len(row)) for row in rows])

    return Batch(
        input_ids=padded(each.ids for each in group),
        attention_mask=padded([1] * len(each.ids) for each in group),
        token_type_ids=padded(each.types for each in group),
        start=torch.tensor([each.start for each in group]),
        end=torch.tensor([each.end for each in group]),
        relevance=torch.tensor([float("nan") if each.relevance is None else each.relevance for each in group]),
    )
