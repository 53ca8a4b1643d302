from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.reading import Reading
from assistant.retrieval.asked import Asked, ask_of, ask_parts_of
from assistant.types import Article, Chunk

LEAD = "India signed a contract on Tuesday for 31 MQ-9B aircraft."
MAKER = "They are made by General Atomics of California."
COST = "On 1 February 2024 the agency gave an estimated cost of 3.99 billion dollars."
TEXT = f"{LEAD} {MAKER}\n\n{COST}"
ARTICLE = Article("drones", "Thirty-one drones", TEXT, published=date(2024, 10, 18))


def asked(question: str, passage: str, *, when: bool = False) -> Asked:
    start = TEXT.index(passage)
    (found,) = ask_of(
        question, [Chunk("c", "drones", passage, start, start + len(passage))], {"drones": ARTICLE}, str.lower, when=when
    )
    return found


def everything_read_in(found: Asked) -> Reading:
    """A reading whose tokens are the passage's characters."""
    offsets = np.array([(at, at + 1) for at in range(len(found.passage))])
    none = np.zeros(len(offsets), dtype=np.float32)
    return Reading(0.0, 0.0, 0.0, offsets, none, none)


def test_a_passage_is_read_behind_the_sentence_that_names_what_it_speaks_of() -> None:
    assert asked("What is the cost of the MQ-9B?", COST).passage == f"Thirty-one drones\n{LEAD} {COST}"
    assert asked("What did General Atomics put the cost at?", COST).passage == f"Thirty-one drones\n{MAKER} {COST}"


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("What is the estimated cost?", COST),  # nothing is missing
        ("What is the cost of the drones?", COST),  # the title has it
        ("What is the cost of the frigates?", COST),  # no sentence has it
        ("Who made the aircraft that cost 3.99 billion?", LEAD),  # what is missing comes later
        ("Who are General Atomics of the MQ-9B?", TEXT),
    ],
)
def test_a_passage_is_read_under_its_title_alone_where_no_sentence_before_it_tells_more(question: str, passage: str) -> None:
    assert asked(question, passage).passage == f"Thirty-one drones\n{passage}"


@pytest.mark.parametrize(("question", "when"), [("What is the cost of the MQ-9B?", False), ("When was the MQ-9B deal?", True)])
@pytest.mark.parametrize("passage", [LEAD, COST, f"{MAKER}\n\n{COST}"])
def test_what_is_read_has_its_place_in_the_chunk(question: str, when: bool, passage: str) -> None:
    found = asked(question, passage, when=when)
    reading = found.of_chunk(everything_read_in(found))
    read = [passage[start:end] for start, end in reading.offsets]
    assert "".join(character for character in read if len(character) == 1) == passage


SENTENCES = ["Ann Lee was sworn in as minister in May 2021.", "Bo Dahl came before her.", "Cy Orr was appointed in 2014."]


@given(st.lists(st.sampled_from(range(3)), min_size=1, max_size=3))
def test_of_parts_only_those_are_read_and_keep_their_places(chosen: Sequence[int]) -> None:
    text = " ".join(SENTENCES)
    spans = [(text.index(SENTENCES[at]), text.index(SENTENCES[at]) + len(SENTENCES[at])) for at in chosen]
    chunks = [Chunk("c", "a", text, 0, len(text)), Chunk("none", "a", text, 0, len(text))]
    articles = {"a": Article("a", "Offices", text)}
    (found,) = ask_parts_of("Who was minister?", chunks, {"c": spans, "none": []}, articles, str.lower)
    assert found.chunk.chunk_id == "c"
    assert found.passage.endswith(" ".join(SENTENCES[at] for at in sorted(set(chosen))))
    # "Minister" stands in the first sentence alone.
    assert found.passage.startswith("Offices\nAnn Lee" if 0 not in chosen else "Offices\n")
    assert found.passage.count("Ann Lee") == 1
    kept = [(start, end) for start, end in found.of_chunk(everything_read_in(found)).offsets if end - start == 1]
    assert {at for start, end in kept for at in range(start, end)} >= {at for start, end in spans for at in range(start, end)}
