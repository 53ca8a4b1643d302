"""Conversations are kept, and each reader's are nobody else's."""

from __future__ import annotations

import dataclasses
import math
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import SettingsError, StorageError
from assistant.types import Answer, Chunk, Citation, ScoredChunk, SearchFilter, Sentence, Turn
from assistant.web.conversations import Conversations

CITATION = Citation(1, "a", "T", "The Daily", date(2020, 1, 1), "It rained.", 0, 10, 1.0)
FILTER = SearchFilter(date(2020, 1, 1), None, ("The Daily",))


def answer(question: str = "Did it rain?") -> Answer:
    scored = ScoredChunk(Chunk("c", "a", "It rained.", 0, 10), 1.5, 1, "reader")
    sentence = Sentence("It rained.", "supported", (CITATION,))
    return Answer(
        question,
        "It rained. [1]",
        None,
        (sentence,),
        (CITATION,),
        (scored,),
        False,
        None,
        0.9,
        question,
        timings_ms={"total": 1.5},
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "conversations.sqlite"


@pytest.fixture
def kept(path: Path):
    opened = Conversations(path, "f1")
    yield opened
    opened.close()


def test_an_answer_comes_back_as_it_was_after_a_restart(path: Path):
    first = Conversations(path, "f1")
    conversation, _ = first.add("reader", None, answer(), FILTER)
    first.close()
    second = Conversations(path, "f1")
    (exchange,) = second.exchanges("reader", conversation)
    assert (exchange.turn, exchange.answer, exchange.search_filter, exchange.liked) == (0, answer(), FILTER, None)
    second.close()


def test_turns_follow_one_another(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer("one"), FILTER)
    assert kept.add("reader", conversation, answer("two"), FILTER) == (conversation, 1)
    assert [(e.turn, e.answer.question) for e in kept.exchanges("reader", conversation)] == [(0, "one"), (1, "two")]


def test_two_readers_never_see_each_others(kept: Conversations):
    mine, _ = kept.add("me", None, answer("mine"), FILTER)
    yours, _ = kept.add("you", None, answer("yours"), FILTER)
    assert kept.titles("me") == [("mine", mine)]
    assert kept.exchanges("me", yours) == []
    assert kept.share("me", yours) is None
    kept.rename("me", yours, "stolen")
    kept.rate("me", yours, 0, liked=False)
    kept.delete("me", yours)
    (exchange,) = kept.exchanges("you", yours)
    assert exchange.liked is None
    assert kept.titles("you") == [("yours", yours)]
    # Asking in another's conversation starts one's own.
    assert kept.add("me", yours, answer(), FILTER)[0] not in {mine, yours}
    assert len(kept.exchanges("you", yours)) == 1


def test_the_last_used_conversation_is_listed_first(kept: Conversations):
    first, _ = kept.add("reader", None, answer("first"), FILTER)
    kept.add("reader", None, answer("second"), FILTER)
    assert [title for title, _ in kept.titles("reader")] == ["second", "first"]
    kept.add("reader", first, answer("again"), FILTER)
    assert [title for title, _ in kept.titles("reader")] == ["first", "second"]


def test_renaming_and_deleting(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer("one"), FILTER)
    kept.rename("reader", conversation, "  The\nweather ")
    kept.rename("reader", conversation, "   ")
    assert kept.titles("reader") == [("The weather", conversation)]
    kept.delete("reader", conversation)
    assert kept.titles("reader") == []
    assert kept.exchanges("reader", conversation) == []


def test_an_answer_kept_with_a_score_that_json_has_not_is_read_all_the_same(kept: Conversations):
    words = 'They wrote "score":null.'
    scored = ScoredChunk(Chunk("c", "a", words, 0, len(words)), -math.inf, 1, "reader")
    conversation, _ = kept.add(
        "reader", None, dataclasses.replace(answer(), evidence=(scored,), signals={"margin": -math.inf}), FILTER
    )
    kept.rate("reader", conversation, 0, liked=True)
    key = kept.share("reader", conversation)
    assert key
    (exchange,), (rating,) = kept.exchanges("reader", conversation), kept.ratings()
    assert kept.shared_exchanges(key) == [exchange]
    assert rating.answer == exchange.answer
    (read,) = exchange.answer.evidence
    assert read.chunk == scored.chunk
    for number in (read.score, exchange.answer.signals["margin"]):
        assert math.isfinite(number)
        assert number < -1000


def test_a_shared_conversation_can_be_read_with_its_key_alone(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer(), FILTER)
    assert kept.shared_exchanges(conversation) == []
    key = kept.share("reader", conversation)
    assert key
    assert kept.share("reader", conversation) == key
    assert [e.answer for e in kept.shared_exchanges(key)] == [answer()]
    assert kept.shared_exchanges("") == []


def test_ratings_are_kept_with_the_index_they_are_about(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer(), FILTER)
    kept.add("reader", conversation, answer("two"), FILTER)
    kept.rate("reader", conversation, 1, liked=True)
    kept.rate("reader", conversation, 0, liked=False)
    assert [(r.answer.question, r.liked, r.fingerprint) for r in kept.ratings()] == [
        ("Did it rain?", False, "f1"),
        ("two", True, "f1"),
    ]
    kept.rate("reader", conversation, 0, liked=None)
    assert [r.answer.question for r in kept.ratings()] == ["two"]


def test_a_rating_comes_with_the_turns_before_it(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer("one"), FILTER)
    kept.add("reader", conversation, answer("two"), FILTER)
    kept.rate("reader", conversation, 1, liked=True)
    (rating,) = kept.ratings()
    assert rating.history == (Turn("user", "one"), Turn("assistant", "It rained. [1]"))


def test_a_rating_comes_with_the_filter_of_its_answer(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer("one"), FILTER)
    kept.add("reader", conversation, answer("two"), SearchFilter())
    for turn in (0, 1):
        kept.rate("reader", conversation, turn, liked=True)
    assert [rating.search_filter for rating in kept.ratings()] == [FILTER, SearchFilter()]


def test_a_damaged_file_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "conversations.sqlite"
    path.write_bytes(b"anything but a database " * 100)
    with pytest.raises(SettingsError, match=r"conversations\.sqlite"):
        Conversations(path, "f1")


def test_what_cannot_be_kept_is_an_error_in_words_and_leaves_nothing(path: Path, kept: Conversations):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON exchanges BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    with pytest.raises(StorageError, match=r"cannot be read or kept now \(the disk is full\); see that the disk has room"):
        kept.add("reader", None, answer(), FILTER)
    assert kept.titles("reader") == []


def test_many_at_once_lose_nothing(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer("0"), FILTER)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: kept.add("reader", conversation, answer(str(n)), FILTER), range(1, 40)))
    exchanges = kept.exchanges("reader", conversation)
    assert [e.turn for e in exchanges] == list(range(40))
    assert {e.answer.question for e in exchanges} == {str(n) for n in range(40)}


def test_an_answer_may_take_the_place_of_one_that_is_there(kept: Conversations):
    conversation, _ = kept.add("reader", None, answer("one"), FILTER)
    kept.add("reader", conversation, answer("two"), FILTER)
    for turn in (0, 1):
        kept.rate("reader", conversation, turn, liked=True)
    assert kept.add("reader", conversation, answer("two again"), SearchFilter(), turn=1) == (conversation, 1)
    exchanges = kept.exchanges("reader", conversation)
    assert [(e.turn, e.answer.question, e.liked) for e in exchanges] == [(0, "one", True), (1, "two again", None)]
    # Where there is none, as when the conversation was deleted meanwhile, it is the next.
    assert kept.add("reader", conversation, answer("three"), FILTER, turn=7) == (conversation, 2)
    assert kept.add("reader", None, answer("other"), FILTER, turn=7)[1] == 0


def test_a_new_conversation_may_begin_with_a_copy_of_a_shared_one(kept: Conversations):
    theirs, _ = kept.add("them", None, answer("one"), FILTER)
    kept.add("them", theirs, answer("two"), FILTER)
    kept.rate("them", theirs, 0, liked=True)
    key = kept.share("them", theirs)
    assert key
    mine, turn = kept.add("me", None, answer("three"), FILTER, shared=key)
    assert turn == 2
    assert [(e.answer.question, e.liked) for e in kept.exchanges("me", mine)] == [("one", None), ("two", None), ("three", None)]
    # The last question may be asked again, there as well; what was shared stays.
    again, turn = kept.add("me", None, answer("two again"), FILTER, turn=1, shared=key)
    assert [e.answer.question for e in kept.exchanges("me", again)] == ["one", "two again"]
    assert turn == 1
    assert [(e.answer.question, e.liked) for e in kept.shared_exchanges(key)] == [("one", True), ("two", None)]
    assert [e.answer.question for e in kept.exchanges("me", kept.add("me", None, answer(), FILTER, shared="gone")[0])] == [
        "Did it rain?"
    ]
