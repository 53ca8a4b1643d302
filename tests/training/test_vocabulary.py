"""The shortened vocabulary: what it knows it takes apart as the published one does, and it knows every letter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tokenizers import Tokenizer

from assistant.models.weights import DEBERTA
from assistant.training.vocabulary import TOKENIZER, shortened

TEXTS = ["Rain fell in Leeds on 5 March 2024, and Ann Lee closed the schools."]


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEBERTA.locate() / TOKENIZER).read_text(encoding="utf-8"))
    return read


def test_it_takes_the_texts_apart_as_before_and_writes_the_rest_in_smaller_pieces(published: dict[str, Any]) -> None:
    short = Tokenizer.from_str(json.dumps(shortened(published, TEXTS, 1500)))
    whole = Tokenizer.from_str(json.dumps(published | {"padding": None}))
    assert short.get_vocab_size() == 1500
    assert short.encode(*TEXTS).tokens == whole.encode(*TEXTS).tokens
    strange = "Supercalifragilistic Zürich – 99 %, “quoted” €7"
    assert short.encode(strange).tokens.count("[UNK]") == 0
    assert len(short.encode(strange).ids) > len(whole.encode(strange).ids)
    assert [short.token_to_id(mark) for mark in ("[PAD]", "[CLS]", "[SEP]", "[UNK]")] == [0, 1, 2, 3]


def test_what_the_texts_leave_is_filled_with_the_likeliest_pieces(published: dict[str, Any]) -> None:
    kept = Tokenizer.from_str(json.dumps(shortened(published, [], 1500))).get_vocab()
    assert {"▁the", "▁and", "▁of"} < kept.keys()
