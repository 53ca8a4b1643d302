from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest

from assistant.answering.context import pack_context
from assistant.types import Article, Chunk, Turn

TEXT = " ".join(f"Sentence number {n} says that it rained in the town of Leeds on that day." for n in range(1, 13))
ARTICLES = {name: Article(name, name.title(), TEXT.replace("Leeds", name.title())) for name in ("leeds", "york")}


def count(text: str) -> int:
    """A token for each word."""
    return len(text.split())


def chunk(name: str, first: int, last: int) -> Chunk:
    """Sentences `first` to `last` of an article."""
    text = ARTICLES[name].text
    start = text.index(f"Sentence number {first} ")
    end = text.index(f"Sentence number {last + 1} ") - 1 if f"Sentence number {last + 1} " in text else len(text)
    return Chunk(f"{name}{first}", name, text[start:end], start, end)


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"number (\d+) ", text)]


def test_passages_that_fit_are_taken_best_first() -> None:
    context = pack_context([chunk("york", 1, 2), chunk("leeds", 5, 6)], (), ARTICLES, count, 1000)
    assert [passage.article_id for passage in context.passages] == ["york", "leeds"]


@pytest.mark.parametrize("order", [[(1, 3), (4, 6)], [(4, 6), (1, 3)], [(1, 4), (3, 6)], [(2, 5), (1, 6)]])
def test_neighbours_become_one_passage_in_the_place_of_the_better(order: list[tuple[int, int]]) -> None:
    chunks = [chunk("leeds", *order[0]), chunk("york", 1, 1), chunk("leeds", *order[1])]
    context = pack_context(chunks, (), ARTICLES, count, 1000)
    assert [passage.article_id for passage in context.passages] == ["leeds", "york"]
    merged = context.passages[0]
    assert numbers(merged.text) == [1, 2, 3, 4, 5, 6]
    assert ARTICLES["leeds"].text[merged.start : merged.end] == merged.text


def test_a_passage_between_two_joins_all_three() -> None:
    context = pack_context([chunk("leeds", 1, 2), chunk("leeds", 5, 6), chunk("leeds", 3, 4)], (), ARTICLES, count, 1000)
    (merged,) = context.passages
    assert numbers(merged.text) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("room", range(80, 400, 7))
def test_the_room_is_kept_and_no_sentence_is_cut(room: int) -> None:
    chunks = [chunk("leeds", 1, 4), chunk("york", 1, 4), chunk("leeds", 5, 8)]
    context = pack_context(chunks, (), ARTICLES, count, room)
    assert sum(count(passage.text) + 60 for passage in context.passages) <= room
    for passage in context.passages:
        assert ARTICLES[passage.article_id].text[passage.start : passage.end] == passage.text
        assert passage.text.startswith("Sentence number")
        assert passage.text.endswith("on that day.")


def test_a_few_words_of_a_passage_are_not_worth_it() -> None:
    assert pack_context([chunk("leeds", 1, 4)], (), ARTICLES, count, 60 + 15).passages == ()
    assert numbers(pack_context([chunk("leeds", 1, 4)], (), ARTICLES, count, 60 + 35).passages[0].text) == [1, 2]


def test_the_oldest_turns_go_first() -> None:
    history = [Turn("user", f"Question {n} about the rain in Leeds?") for n in range(10)]
    context = pack_context([chunk("leeds", 1, 1)], history, ARTICLES, count, 200)
    assert 0 < len(context.history) < 10
    assert context.history == tuple(history[-len(context.history) :])
    assert len(context.passages) == 1


def test_the_conversation_never_takes_the_room_of_the_sources() -> None:
    history = [Turn("user", "rain " * 500), Turn("user", "rain " * 80)]
    context = pack_context([chunk("leeds", 1, 4), chunk("york", 1, 4)], history, ARTICLES, count, 300)
    assert context.history == ()
    assert len(context.passages) == 2


def test_the_budget_is_logged_in_numbers_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="assistant.answering.context"):
        pack_context([chunk("leeds", 1, 2)], [Turn("user", "secret words")], ARTICLES, count, 300)
    (line,) = caplog.messages
    assert re.fullmatch(r"context: \d+ of 300 tokens, 1 of 1 passages in 1 sources, 1 of 1 turns", line)


def test_the_real_counter_keeps_the_room(count_tokens: Callable[[str], int]) -> None:
    context = pack_context([chunk("leeds", 1, 8), chunk("york", 1, 8)], (), ARTICLES, count_tokens, 250)
    assert context.passages
    assert sum(count_tokens(passage.text) + 60 for passage in context.passages) <= 250
