"""Both search indexes keep the same contract, each with its own ranking."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path

import pytest
from langchain_core.embeddings import Embeddings

from assistant.index.documents import SearchDocument, day_number
from assistant.index.embedded import EmbeddedPassages
from assistant.index.lexical import LexicalIndex
from assistant.index.vectors import VectorIndex
from assistant.types import SearchFilter

EVERYTHING = SearchFilter()
DOCUMENTS = [
    SearchDocument("tier", "India was moved into Tier-1 of the licence exception.", "The Post", date(2018, 7, 30)),
    SearchDocument("call", "The defence secretary and the minister held an introductory call.", "The Wire", date(2025, 2, 7)),
    SearchDocument("rain", "Rain fell in Leeds, and the minister of rain was content.", None, None),
    SearchDocument("cafe", "The café by the river was closed.", "The Post", date(2020, 1, 1)),
]


class Lexical(LexicalIndex):
    """The lexical index as it is."""

    def find(self, question: str, top_k: int = 10, search_filter: SearchFilter = EVERYTHING) -> list[tuple[str, float]]:
        return self.search(question, top_k, search_filter)

    def close(self) -> None: ...


class Vectors(VectorIndex):
    """The vector index, asked in words, with the vectors it is made from."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        self._given = EmbeddedPassages(folder.with_suffix(".sqlite"), embeddings)
        super().__init__(folder, self._given)
        self._embed = embeddings.embed_query

    def apply(
        self, added: Sequence[SearchDocument], removed: Collection[str], progress: Callable[[int], None] = lambda done: None
    ) -> None:
        self._given.apply(added, removed)
        super().apply(added, removed, progress)

    def find(self, question: str, top_k: int = 10, search_filter: SearchFilter = EVERYTHING) -> list[tuple[str, float]]:
        return self.search(self._embed(question), top_k, search_filter)


@pytest.fixture(params=["lexical", "vectors"])
def opened(request: pytest.FixtureRequest, tmp_path: Path, embeddings: Embeddings) -> Callable[[], Lexical | Vectors]:
    """Opens the same folder every time."""
    if request.param == "lexical":
        return lambda: Lexical(tmp_path / "index")
    return lambda: Vectors(tmp_path / "index", embeddings)


@pytest.fixture
def index(opened: Callable[[], Lexical | Vectors]) -> Lexical | Vectors:
    index = opened()
    index.apply(DOCUMENTS, ())
    return index


def found(hits: list[tuple[str, float]]) -> set[str]:
    return {document_id for document_id, _ in hits}


def test_an_empty_index_finds_nothing(opened: Callable[[], Lexical | Vectors]) -> None:
    index = opened()
    assert index.ids() == set()
    assert index.find("rain") == []


def test_it_holds_what_was_added(index: Lexical | Vectors) -> None:
    assert index.ids() == {"tier", "call", "rain", "cafe"}


@pytest.mark.parametrize(
    ("question", "best"),
    [("When was India moved to Tier-1?", "tier"), ("Who made an introductory call?", "call"), ("a closed cafe", "cafe")],
)
def test_the_best_comes_first_and_scores_fall(index: Lexical | Vectors, question: str, best: str) -> None:
    hits = index.find(question)
    assert hits[0][0] == best
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))


def test_at_most_so_many_are_found(index: Lexical | Vectors) -> None:
    assert [document_id for document_id, _ in index.find("the minister of rain", 1)] == ["rain"]


def test_what_is_removed_is_gone_and_the_rest_stays(index: Lexical | Vectors) -> None:
    index.apply((), {"rain", "nobody"})
    assert index.ids() == {"tier", "call", "cafe"}
    assert "rain" not in found(index.find("rain in Leeds and the minister"))


def test_what_was_written_is_there_when_the_folder_is_opened_again(
    index: Lexical | Vectors, opened: Callable[[], Lexical | Vectors]
) -> None:
    before = index.find("the minister of rain")
    index.close()
    again = opened()
    assert again.ids() == {"tier", "call", "rain", "cafe"}
    assert again.find("the minister of rain") == before


@pytest.mark.parametrize(
    ("search_filter", "passes"),
    [
        (EVERYTHING, {"tier", "call", "rain", "cafe"}),
        (SearchFilter(published_after=date(2020, 1, 1)), {"call", "cafe"}),
        (SearchFilter(published_after=date(2020, 1, 2)), {"call"}),
        (SearchFilter(published_before=date(2020, 1, 1)), {"tier", "cafe"}),
        (SearchFilter(published_before=date(2019, 12, 31)), {"tier"}),
        (SearchFilter(date(2018, 7, 30), date(2018, 7, 30)), {"tier"}),
        (SearchFilter(date(2025, 1, 1), date(2018, 1, 1)), set()),
        (SearchFilter(sources=("The Post",)), {"tier", "cafe"}),
        (SearchFilter(sources=("The Post", "The Wire")), {"tier", "call", "cafe"}),
        (SearchFilter(sources=("the post",)), set()),
        (SearchFilter(published_after=date(2019, 1, 1), sources=("The Post",)), {"cafe"}),
    ],
)
def test_a_filter_chooses_before_the_ranking(index: Lexical | Vectors, search_filter: SearchFilter, passes: set[str]) -> None:
    # Every document holds a word of this question.
    assert found(index.find("the India minister", 10, search_filter)) == passes


def test_a_filter_does_not_change_the_scores(index: Lexical | Vectors) -> None:
    everything = dict(index.find("the minister of rain"))
    filtered = dict(index.find("the minister of rain", 10, SearchFilter(sources=("The Wire",))))
    assert filtered == {"call": pytest.approx(everything["call"])}


def test_equal_scores_are_ordered_by_id(opened: Callable[[], Lexical | Vectors]) -> None:
    index = opened()
    ids = ["c", "a", "e", "b", "d"]
    index.apply([SearchDocument(name, "Rain fell in Leeds.", None, None) for name in ids], ())
    hits = index.find("rain in Leeds")
    assert [name for name, _ in hits] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("question", ["", "?!", '"', "text:rain AND (", "rain~2^3 -fell +[a TO b]", "\0", "👍🏽", "' OR 1=1 --"])
def test_any_question_may_be_asked(index: Lexical | Vectors, question: str) -> None:
    assert len(index.find(question)) <= len(DOCUMENTS)


def test_a_query_language_is_not_obeyed(index: Lexical | Vectors) -> None:
    assert "tier" in found(index.find("-India moved into Tier-1"))


@pytest.mark.parametrize(
    ("word", "stem"),
    [("Cooperating", "cooper"), ("cooperation", "cooper"), ("CAFÉ", "cafe"), ("2018", "2018"), ("?", "?"), ("", "")],
)
def test_stems(tmp_path: Path, word: str, stem: str) -> None:
    assert LexicalIndex(tmp_path / "index").stem(word) == stem


@pytest.mark.parametrize(("day", "number"), [(date(2025, 2, 7), 20250207), (date(1, 1, 1), 10101), (None, 0)])
def test_days_as_numbers(day: date | None, number: int) -> None:
    assert day_number(day) == number


def test_vectors_are_ranked_among_the_given_ids(tmp_path: Path, embeddings: Embeddings) -> None:
    index = Vectors(tmp_path / "index", embeddings)
    index.apply(DOCUMENTS, ())
    vector = embeddings.embed_query("minister")
    everywhere = index.search(vector, 10, EVERYTHING)
    some = index.search(vector, 10, EVERYTHING, among=["cafe", "call", "nobody"])
    assert some == [hit for hit in everywhere if hit[0] in {"cafe", "call"}]
    assert index.search(vector, 10, SearchFilter(sources=("The Post",)), among=["cafe", "call"]) == some[1:]
    assert index.search(vector, 10, EVERYTHING, among=["nobody"]) == []
    index.close()
