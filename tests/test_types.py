from __future__ import annotations

import dataclasses
import json
from datetime import date

import pytest

from assistant.types import Answer, Article, Chunk, Citation, Difference, ScoredChunk, SearchFilter, Sentence, Turn

CITATION = Citation(1, "rain", "Rain", "The Post", date(2024, 3, 5), "Rain fell.", 0, 10, 1.0)
ANSWER = Answer(
    question="Did rain fall?",
    text="Rain fell. [1]",
    short_answer=None,
    sentences=(Sentence("Rain fell.", "supported", (CITATION,)),),
    citations=(CITATION,),
    evidence=(ScoredChunk(Chunk("c1", "rain", "Rain fell.", 0, 10), 3.5, 1, "reader"),),
    abstained=False,
    reason=None,
    confidence=0.75,
    searched_for="Did rain fall?",
    timings_ms={"total": 12.5},
)


def test_an_answer_as_plain_values_goes_through_json_unchanged() -> None:
    plain = ANSWER.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain.keys() == {field.name for field in dataclasses.fields(Answer)}
    assert plain["sentences"][0]["citations"][0] == plain["citations"][0]
    assert plain["citations"][0]["published"] == "2024-03-05"
    assert plain["evidence"][0]["chunk"]["end"] == 10


def test_a_checked_sentence_as_plain_values_names_what_differs() -> None:
    sentence = Sentence("Snow fell.", "contradicted", (CITATION,), (Difference("Snow", 0, 4, "rain", "Rain", 0, 4),))
    plain = sentence.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["differs"] == [
        {"claimed": "Snow", "claim_start": 0, "claim_end": 4, "article_id": "rain", "found": "Rain", "start": 0, "end": 4}
    ]


def test_one_outlet_alone_is_no_list_of_outlets() -> None:
    with pytest.raises(TypeError, match="sources is 'The Post'; give a tuple"):
        SearchFilter(sources="The Post")  # type: ignore[arg-type]


@pytest.mark.parametrize("record", [ANSWER, CITATION, Article("a", "A", "Text."), Turn("user", "Hello"), SearchFilter()])
def test_records_are_frozen(record: object) -> None:
    (first, *_) = (field.name for field in dataclasses.fields(record))  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, first, "other")


ARTICLE = Article("a", "A title", "Text.", "The Post", "A. Writer", "https://example.org", date(2024, 3, 5))


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Article)])
def test_the_content_hash_covers_every_field(name: str) -> None:
    other = dataclasses.replace(ARTICLE, **{name: date(2024, 3, 6) if name == "published" else "other"})
    assert other.content_hash() != ARTICLE.content_hash()
    assert dataclasses.replace(ARTICLE).content_hash() == ARTICLE.content_hash()


def test_words_that_move_from_one_field_to_another_change_the_hash() -> None:
    assert Article("a", "A b", "c").content_hash() != Article("a", "A", "b c").content_hash()


@pytest.mark.parametrize(
    ("search_filter", "filters"),
    [
        (SearchFilter(), False),
        (SearchFilter(published_after=date(2024, 3, 5)), True),
        (SearchFilter(published_before=date(2024, 3, 5)), True),
        (SearchFilter(sources=("The Post",)), True),
    ],
)
def test_a_filter_that_lets_everything_pass_does_not_narrow(search_filter: SearchFilter, filters: bool) -> None:
    assert search_filter.narrows is filters
