"""Examples as token ids: the tokens of an answer are its words, and batches hold every pair once."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.training.examples import Example
from assistant.training.tokens import MAX_TOKENS, TokenStore, load_tokenizer

TOKENIZER = load_tokenizer()
WORDS = "Rain fell in Leeds on 5 March 2024 and nobody was hurt , said the mayor 's office – naïvely .".split()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 900), st.sampled_from(["", "Rain in Leeds", "Rain " * 100]), st.data())
def test_the_tokens_of_a_span_are_its_words(length: int, title: str, data: st.DataObject) -> None:
    words = [WORDS[i % len(WORDS)] for i in range(length)]
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first, min(length - 1, first + 8)))
    passage = " ".join(words)
    start = len(" ".join(words[:first])) + (first > 0)
    span = start, start + len(" ".join(words[first : last + 1]))
    store = TokenStore.of([[Example("What happened?", title, passage, span)]], TOKENIZER)
    batch = store.collate(store.epochs[0])
    assert int(batch.attention_mask.sum()) <= MAX_TOKENS
    answer = batch.input_ids[0, int(batch.start) : int(batch.end) + 1].tolist()
    assert answer == TOKENIZER.encode(passage[slice(*span)], add_special_tokens=False).ids
    assert batch.passage[0, int(batch.start)]


def test_a_pair_is_what_the_tokenizer_makes_of_question_title_and_passage() -> None:
    store = TokenStore.of([[Example("Why?", "Rain in Leeds", "Because it rained.", None)]], TOKENIZER)
    batch = store.collate(store.epochs[0])
    whole = TOKENIZER.encode("Rain in Leeds\nBecause it rained.", "Why?")
    length = len(whole.ids)
    assert batch.input_ids[0, :length].tolist() == whole.ids
    assert batch.passage[0, 1:length].tolist() == [
        kind == 0 and not mark for kind, mark in zip(whole.type_ids[1:], whole.special_tokens_mask[1:], strict=True)
    ]
    assert bool(batch.passage[0, 0])  # [CLS] stands for "no answer"
    assert batch.attention_mask.sum() == length
    assert (int(batch.start), int(batch.end), int(batch.claimed)) == (0, 0, -1)


def test_a_claim_is_no_question_and_a_long_text_keeps_its_end() -> None:
    examples = [Example("It rained.", "", "Rain fell.", supported=True), Example("Snow. " * 90 + "Why now?", "", "Rain fell.")]
    store = TokenStore.of([examples], TOKENIZER)
    batch = store.collate(store.epochs[0])
    assert batch.claimed.tolist() == [1, -1]
    assert TOKENIZER.decode(batch.input_ids[1].tolist()).rstrip().endswith("Why now?")


def test_an_answer_without_a_token_is_left_out() -> None:
    store = TokenStore.of([[Example("Why?", "", "a  b", (1, 2)), Example("Why?", "", "a  b", (0, 1))]], TOKENIZER)
    assert len(store.epochs[0]) == 1


def test_batches_hold_every_pair_once_within_their_size() -> None:
    chance = random.Random(1)
    examples = [Example(f"Why {n}?", "", "rain " * chance.randint(5, 400), None) for n in range(500)]
    store = TokenStore.of([examples], TOKENIZER)
    groups = store.batches(0, 3072, seed=3)
    assert sorted(map(tuple, np.concatenate(groups).tolist())) == sorted(map(tuple, store.epochs[0].tolist()))
    batches = [store.collate(rows) for rows in groups]
    assert max(batch.input_ids.numel() for batch in batches) <= 3072
    assert all(batch.input_ids.shape[1] % 16 == 0 for batch in batches)
    assert all((a == b).all() for a, b in zip(groups, store.batches(0, 3072, seed=3), strict=True))


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    epochs = [[Example(f"Why {n} {m}?", "", "It rained.", (3, 9)) for n in range(m)] for m in (3, 5)]
    store = TokenStore.of(epochs, TOKENIZER)
    store.save(tmp_path / "epochs.npz")
    again = TokenStore.load(tmp_path / "epochs.npz")
    assert [rows.tolist() for rows in again.epochs] == [rows.tolist() for rows in store.epochs]
    assert (again.tokens == store.tokens).all()
    assert (again.bounds == store.bounds).all()
