"""What the network sees: (question, passage) pairs as tokens, with their targets, in batches of like length."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from assistant.index.documents import search_text
from assistant.models.weights import MS_MARCO
from assistant.training.negatives import Mined
from assistant.training.squad import Question
from assistant.training.tricks import names_of, other_attribute, trick_question, without_answer

MAX_TOKENS = 320
BATCH_TOKENS = 3072  # sixteen pairs of 192 tokens
_MOST_IN_A_BATCH = 32
_LEAD = 400  # characters before an answer that are kept when a passage is too long
# Shares of the questions, drawn anew each epoch.
_WITH_TITLE = 0.5
_WITH_TRICK = 0.35
_WITH_OTHER_ATTRIBUTE = 0.6
_WITHOUT_ANSWER = 0.25
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
    """One epoch: each question with its passage; some again changed so that it has no answer, some with
    their answer taken out of the passage, some with a hard negative."""
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
        if question.answers and chance.random() < _WITH_OTHER_ATTRIBUTE:
            other = other_attribute(question, chance)
            if other:
                examples.append(_titled(title, other, question.passage, None, None))
        # What is asked of a comment without a title ("What does the poster want?") often has an answer in what is left.
        if question.answers and question.title and chance.random() < _WITHOUT_ANSWER:
            rest = without_answer(question)
            if rest:
                examples.append(_titled(title, question.text, rest, None, None))
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
    if span and not _tokens(encoded, *span):
        cut = passage.find(" ", max(0, span[0] - _LEAD)) + 1
        passage, span = passage[cut:], (span[0] - cut, span[1] - cut)
        encoded = tokenizer.encode(example.question, passage)
    inside = _tokens(encoded, *span) if span else [0]
    return Encoded(encoded.ids, encoded.type_ids, inside[0], inside[-1], example.relevance) if inside else None


def _tokens(encoded: Encoding, start: int, end: int) -> list[int]:
    """The tokens of the passage that hold its characters from `start` to `end`; none where not all of them are there."""
    rows = zip(encoded.offsets, encoded.type_ids, encoded.special_tokens_mask, strict=True)
    passage = [(index, offsets) for index, (offsets, kind, special) in enumerate(rows) if kind == 1 and not special]
    if not passage or passage[-1][1][1] < end:
        return []
    return [index for index, offsets in passage if offsets[0] < end and offsets[1] > start]


def batches(encoded: Sequence[Encoded], seed: int) -> list[list[Encoded]]:
    """Batches of about 3,072 tokens with padding, of like length, in random order."""
    chance = random.Random(seed)
    order = sorted(encoded, key=lambda e: len(e.ids) + chance.random() * 8)
    groups: list[list[Encoded]] = []
    while order:
        longest = _padded(len(order[-1].ids))
        size = min(_MOST_IN_A_BATCH, max(1, BATCH_TOKENS // longest))
        groups.append(order[-size:])
        del order[-size:]
    chance.shuffle(groups)
    return groups


def _padded(length: int) -> int:
    """The next multiple of 16: few shapes, so that the matrix kernels made for one are met again."""
    return -(-length // 16) * 16


def collate(group: Sequence[Encoded]) -> Batch:
    """Pads a group to its longest, rounded up to a multiple of 16 tokens."""
    length = _padded(max(len(each.ids) for each in group))

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
