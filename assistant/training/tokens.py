"""Examples as token ids, kept in one file: each distinct text once, and of each epoch the pairs as numbers of texts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from assistant.models.reader import FOLDER, READER_TOKENIZER_FILE
from assistant.training.examples import Example

MAX_TOKENS = 320
_LEAD = 80  # tokens before an answer that are kept when a passage is too long
_MOST_TITLE_TOKENS = 64
_MOST_TEXT_TOKENS = 96  # the last ones: what a follow-up asks stands at its end
_MOST_IN_A_BATCH = 256
_CLS, _SEP = 1, 2
_NONE = -1


class Batch(NamedTuple):
    """B pairs padded to L tokens.

    input_ids, attention_mask: (B, L). passage: (B, L), whether a token is the passage's or [CLS].
    start, end: (B,), the answer's first and last token; both are 0, at [CLS], where the passage doesn't answer.
    claimed: (B,), 1 for a claim that the passage supports, 0 for one that it doesn't, -1 for a question.
    """

    input_ids: Tensor
    attention_mask: Tensor
    passage: Tensor
    start: Tensor
    end: Tensor
    claimed: Tensor

    def to(self, device: str) -> Batch:
        """The batch on another device."""
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in self))


def load_tokenizer(folder: Path = FOLDER) -> Tokenizer:
    """The reader's tokenizer, without padding and without a limit."""
    tokenizer = Tokenizer.from_file(str(folder / READER_TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@dataclass(frozen=True)
class TokenStore:
    """Texts, and epochs of pairs of them.

    tokens: of all texts, one after the other, uint16; text i has those from bounds[i] to bounds[i + 1].
    epochs: each (N, 6), int32: the numbers of question or claim, title (-1: none) and passage, the answer's first and last token
        in the passage, -1 and -1 where it doesn't answer, and `Batch.claimed`.
    """

    tokens: NDArray[np.uint16]
    bounds: NDArray[np.int64]
    epochs: tuple[NDArray[np.int32], ...]

    @classmethod
    def of(cls, epochs: Sequence[Sequence[Example]], tokenizer: Tokenizer) -> TokenStore:
        """The examples of all epochs; one whose answer has no token is left out."""
        numbers: dict[str, int] = {}
        for example in (example for epoch in epochs for example in epoch):
            for text in (example.text, example.title, example.passage):
                numbers.setdefault(text, len(numbers))
        encoded = tokenizer.encode_batch(list(numbers), add_special_tokens=False)
        bounds = np.cumsum([0, *(len(each.ids) for each in encoded)], dtype=np.int64)
        tokens = np.fromiter((token for each in encoded for token in each.ids), dtype=np.uint16, count=int(bounds[-1]))
        tables = []
        for epoch in epochs:
            rows = []
            for example in epoch:
                text, title, passage, span = example.text, example.title, example.passage, example.span
                offsets = encoded[numbers[passage]].offsets if span else []
                inside = [at for at, (start, end) in enumerate(offsets) if span and start < span[1] and end > span[0]]
                if span is None or inside:
                    place = (inside[0], inside[-1]) if inside else (_NONE, _NONE)
                    claimed = _NONE if example.supported is None else int(example.supported)
                    rows.append((numbers[text], numbers[title] if title else _NONE, numbers[passage], *place, claimed))
            tables.append(np.array(rows, dtype=np.int32).reshape(-1, 6))
        return cls(tokens, bounds, tuple(tables))

    @classmethod
    def load(cls, path: Path) -> TokenStore:
        """What `save` wrote."""
        with np.load(path) as kept:
            return cls(kept["tokens"], kept["bounds"], tuple(np.split(kept["pairs"], kept["ends"][:-1])))

    def save(self, path: Path) -> None:
        """Writes the file, whole or not at all."""
        draft = path.with_suffix(".draft.npz")
        ends = np.cumsum([len(rows) for rows in self.epochs])
        np.savez_compressed(draft, tokens=self.tokens, bounds=self.bounds, pairs=np.concatenate(self.epochs), ends=ends)
        os.replace(draft, path)

    def text(self, number: int) -> NDArray[np.uint16]:
        """The token ids of a text; none for -1."""
        return self.tokens[:0] if number == _NONE else self.tokens[self.bounds[number] : self.bounds[number + 1]]

    def batches(self, epoch: int, batch_tokens: int, seed: int) -> list[NDArray[np.int32]]:
        """The epoch's rows in groups of like length, at most `batch_tokens` tokens each with padding, in random order."""
        rows = self.epochs[epoch]
        chance = np.random.default_rng(seed)
        lengths = self._lengths(rows)
        order = np.argsort(lengths + chance.random(len(rows)) * 8, kind="stable")
        groups = []
        end = len(order)
        while end:
            longest = _padded(int(lengths[order[max(0, end - _MOST_IN_A_BATCH) : end]].max()))
            size = min(_MOST_IN_A_BATCH, max(1, batch_tokens // longest), end)
            groups.append(rows[order[end - size : end]])
            end -= size
        return [groups[at] for at in chance.permutation(len(groups))]

    def collate(self, rows: NDArray[np.int32]) -> Batch:
        """The pairs as one batch, padded to a multiple of 16 tokens: few shapes, so that kernels made for one are met again."""
        pairs = [self._pair(*row) for row in rows[:, :5].tolist()]
        shape = len(pairs), _padded(max(len(ids) for ids, *_ in pairs))
        ids, mask, passage = (torch.zeros(shape, dtype=kind) for kind in (torch.long, torch.long, torch.bool))
        for row, (tokens, length, _, _) in enumerate(pairs):
            ids[row, : len(tokens)] = torch.from_numpy(tokens.astype(np.int64))
            mask[row, : len(tokens)] = 1
            passage[row, : length + 1] = True
        starts, ends = (torch.tensor([pair[which] for pair in pairs]) for which in (2, 3))
        return Batch(ids, mask, passage, starts, ends, torch.from_numpy(rows[:, 5].astype(np.int64)))

    def _pair(self, text: int, title: int, passage: int, first: int, last: int) -> tuple[NDArray[np.uint16], int, int, int]:
        """Token ids, how many are the passage's and its title's, and the answer's place; a passage whose answer lies too far
        begins later."""
        asked, heading, told = self.text(text)[-_MOST_TEXT_TOKENS:], self.text(title)[:_MOST_TITLE_TOKENS], self.text(passage)
        room = MAX_TOKENS - len(asked) - len(heading) - 3
        cut = max(0, first - _LEAD) if last >= room else 0
        told = told[cut : cut + room]
        cls, sep = np.array([_CLS], dtype=np.uint16), np.array([_SEP], dtype=np.uint16)
        ids = np.concatenate([cls, heading, told, sep, asked, sep])
        length, shift = len(heading) + len(told), 1 + len(heading) - cut
        return (ids, length, first + shift, min(last + shift, length)) if first != _NONE else (ids, length, 0, 0)

    def _lengths(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        sizes = np.diff(self.bounds)
        asked = np.minimum(sizes[rows[:, 0]], _MOST_TEXT_TOKENS)
        heading = np.where(rows[:, 1] == _NONE, 0, np.minimum(sizes[rows[:, 1]], _MOST_TITLE_TOKENS))
        return np.asarray(np.minimum(asked + heading + sizes[rows[:, 2]] + 3, MAX_TOKENS))


def _padded(length: int) -> int:
    return -(-length // 16) * 16
