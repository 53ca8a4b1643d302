from __future__ import annotations

import random
from dataclasses import replace

from assistant.training.claims import Claim, balanced, claims_of, not_so, roles_exchanged, word_exchanged, word_pool
from assistant.training.squad import Question
from assistant.training.tricks import names_of

PASSAGE = (
    "Leeds has two bridges. The older one was opened by Ann Lee on 5 March 1990. Bob Ray had built it for the city. "
    "It rained for a week afterwards. In 2004 the second one was opened by Eve Moor."
)


def asked(text: str, answer: str, *, answerable: bool = True) -> Question:
    start = PASSAGE.index(answer)
    spans = ((start, start + len(answer)),)
    return Question(text, "f", "Bridges", "Bridges", PASSAGE, text, spans if answerable else (), () if answerable else spans)


OPENED = asked("Who opened the older bridge of Leeds?", "Ann Lee")
BUILT = asked("Who built the older bridge?", "Bob Ray")
QUESTIONS = [OPENED, BUILT, asked("How long did it rain afterwards?", "a week"), asked("When was the second opened?", "2004")]
POOL = word_pool([*QUESTIONS, asked("Who closed the younger tunnel?", "Bob Ray")])
ANSWERS = ["Ann Lee", "Bob Ray", "a week", "2004"]


def made(question: Question, seed: int) -> list[Claim]:
    return list(claims_of(question, names_of([PASSAGE]), [PASSAGE], POOL, ANSWERS, random.Random(seed)))


def test_a_question_gives_its_answer_as_a_true_claim_and_others_as_false_ones() -> None:
    claims = [claim for seed in range(60) for claim in made(OPENED, seed)]
    true = {claim.text for claim in claims if claim.is_true}
    assert "Ann Lee opened the older bridge of Leeds." in true
    own = true - {"Ann Lee opened the older bridge of Leeds."}
    assert all(text in PASSAGE for text in own)
    false = {claim.text for claim in claims if not claim.is_true}
    assert not true & {c.text for c in claims if not c.is_true and "Ann Lee on 5 March" in c.context}
    assert {"Eve Moor opened the older bridge of Leeds.", "Bob Ray opened the older bridge of Leeds."} & false
    assert all(("Ann Lee on 5 March" in claim.context) for claim in claims if claim.is_true)
    # What is true elsewhere is not said here.
    assert any(not c.is_true and c.text in true and "Ann Lee" not in c.context for c in claims)


def test_the_same_seed_makes_the_same_claims() -> None:
    assert made(OPENED, 4) == made(OPENED, 4)


def test_what_only_looks_answered_makes_a_false_claim() -> None:
    claims = made(asked("Who closed the older bridge?", "Bob Ray", answerable=False), 1)
    assert [(claim.text, claim.is_true) for claim in claims] == [("Bob Ray closed the older bridge.", False)]
    assert made(replace(OPENED, answers=()), 1) == []


def test_shared_words_do_not_tell_true_from_false() -> None:
    claims = [claim for seed in range(60) for question in QUESTIONS for claim in made(question, seed)]
    kept = balanced(claims, random.Random(1))
    assert 0 < len(kept) < len(claims)
    assert all(claim in claims for claim in kept)
    wordy = [claim for claim in kept if set(claim.text.lower().rstrip(".").split()) <= set(claim.context.lower().split())]
    assert sum(claim.is_true for claim in kept) == len(kept) / 2
    assert {claim.is_true for claim in wordy} in ({True, False}, set())


def test_a_claim_is_denied_once() -> None:
    chance = random.Random(1)
    denied = not_so("The bridge was opened in 1990.", chance)
    assert denied in {f"The bridge was {word} opened in 1990." for word in ("not", "never", "no longer")}
    assert not_so("The bridge was not opened.", chance) is None
    assert not_so("Ann Lee opened it.", chance) is None


def test_names_change_places_where_that_says_something_else() -> None:
    chance = random.Random(1)
    assert roles_exchanged("Ann Lee followed Bob Ray.", chance) == "Bob Ray followed Ann Lee."
    assert roles_exchanged("Ann Lee met Bob Ray.", chance) is None
    assert roles_exchanged("Ann Lee left.", chance) is None


def test_another_word_of_its_kind_takes_a_words_place() -> None:
    claim, context = "Ann Lee opened the older bridge.", "The older bridge was opened by Ann Lee."
    changed = {text for seed in range(40) if (text := word_exchanged(claim, context, POOL, random.Random(seed)))}
    assert "Ann Lee opened the older tunnel." in changed
    assert all(sum(a != b for a, b in zip(claim.split(), text.split(), strict=True)) == 1 for text in changed)
