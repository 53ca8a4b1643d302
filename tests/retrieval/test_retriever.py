from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fake_reader import WordReader
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant import Assistant
from assistant.engine import no_progress
from assistant.index.build import Index, build_index
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import OnnxReader, Reader
from assistant.models.reading import Reading, Skim
from assistant.retrieval.retriever import HybridRetriever, Retrieval, of_the_newest, ranked
from assistant.retrieval.search import HybridSearch
from assistant.retrieval.stopwatch import Stopwatch
from assistant.settings import load_settings
from assistant.types import Article, Chunk, SearchFilter

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]


def report(title: str, source: str, published: str, text: str) -> str:
    return f"---\ntitle: {title}\nsource: {source}\npublished: {published}\n---\n{text}\n"


FILES = {
    "tier.md": report("Licence tiers", "The Post", "2018-07-30", "India was moved into Tier-1 on 30 July 2018."),
    "rain.md": report("Rain in Leeds", "The Wire", "2024-03-05", "Rain fell in Leeds. The streets were wet."),
    "snow.md": report("Snow in York", "The Wire", "2024-12-24", "Snow fell in York on Christmas Eve."),
    "lemon.txt": "Lemon trees are pruned in spring.",
}


@pytest.fixture
def news(make_corpus: MakeCorpus, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader) -> Iterator[Assistant]:
    corpus = make_corpus(FILES)
    settings = load_settings(rerank_top_k=3)
    index = corpus.with_name(".index")
    with Assistant.open(corpus, index, settings=settings, embeddings=embeddings, reader=reader) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("When was India moved to Tier-1?", "tier"),
        ("Where did it rain?", "rain"),
        ("weather at Christmas", "snow"),
        ("How do I cut a lemon tree?", "lemon"),
        ("licence tiers", "tier"),
    ],
)
def test_the_passage_that_answers_comes_first(news: Assistant, question: str, best: str) -> None:
    found = news.search(question)
    assert found[0].chunk.article_id == best
    assert [chunk.rank for chunk in found] == [1, 2, 3]
    assert [chunk.score for chunk in found] == sorted((chunk.score for chunk in found), reverse=True)
    assert {chunk.origin for chunk in found} == {"reader"}


def test_at_most_so_many(news: Assistant) -> None:
    everything = news.search("rain", top_k=100)
    assert len(everything) == 3
    assert news.search("rain", top_k=1) == everything[:1]
    assert news.search("rain", top_k=0) == ()


@pytest.mark.parametrize(
    ("search_filter", "articles"),
    [
        (SearchFilter(sources=("The Wire",)), {"rain", "snow"}),
        (SearchFilter(published_after=date(2024, 3, 6)), {"snow"}),
        (SearchFilter(published_before=date(2024, 3, 5)), {"tier", "rain"}),
        (SearchFilter(published_before=date(2000, 1, 1)), set()),
    ],
)
def test_only_what_passes_the_filter_is_found(news: Assistant, search_filter: SearchFilter, articles: set[str]) -> None:
    found = news.search("When was India moved to Tier-1?", filter=search_filter)
    assert {scored.chunk.article_id for scored in found} == articles


def test_the_same_question_finds_the_same(news: Assistant) -> None:
    assert news.search("Where did it rain?") == news.search("Where did it rain?")


class Recording:
    """A reader that keeps the passages that it looked at, and those that it read to the end."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.looked_at: list[str] = []
        self.read_whole: list[str] = []

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        self.read_whole += [passage for _, passage in pairs]
        return self._reader.read(pairs)

    def skim(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        return self._reader.skim(pairs)

    def skim_follow_ups(self, pairs: Sequence[tuple[str, str]]) -> list[Skim]:
        return self._reader.skim_follow_ups(pairs)

    def entailed(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return self._reader.entailed(pairs)

    def early_scores(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.looked_at += [passage for _, passage in pairs]
        return self._reader.early_scores(pairs)

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return self._reader.score(pairs)


def test_hopeless_passages_are_not_read_to_the_end(
    make_corpus: MakeCorpus, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> None:
    corpus, recording = make_corpus(FILES), Recording(reader)
    index = corpus.with_name(".index")
    with Assistant.open(corpus, index, embeddings=embeddings, reader=recording) as assistant:
        answer = assistant.ask("When was India moved to Tier-1?")
        assert answer.evidence[0].chunk.article_id == "tier"
        assert [scored.origin for scored in answer.evidence] == ["reader", "search", "search", "search"]
        assert any("moved into Tier-1" in passage for passage in recording.read_whole)
        assert not any("Lemon" in passage for passage in recording.read_whole)
        recording.read_whole.clear()
        assistant.search("When was India moved to Tier-1?")
        assert any("Lemon" in passage for passage in recording.read_whole)


def test_a_passage_far_behind_the_first_is_not_looked_at_but_listed(
    make_corpus: MakeCorpus, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> None:
    corpus, recording = make_corpus(FILES), Recording(reader)
    with Assistant.open(corpus, corpus.with_name(".index"), embeddings=embeddings, reader=recording) as assistant:
        answer = assistant.ask("Why was India moved out of Tier-1?")  # nothing answers, so whatever comes near is looked at
        assert any("moved into Tier-1" in passage for passage in recording.looked_at)
        assert not any("Lemon" in passage for passage in recording.looked_at)
        assert "lemon" in [scored.chunk.article_id for scored in answer.evidence]


def order(index: Index, embeddings: Embeddings, question: str) -> list[str]:
    found = HybridSearch(index, embeddings, load_settings()).search(question, SearchFilter(), Stopwatch()).chunks
    assert [scored.score for scored in found] == sorted((scored.score for scored in found), reverse=True)
    return [scored.chunk.article_id for scored in found]


@pytest.fixture
def artillery(tmp_path: Path, count_tokens: Callable[[str], int]) -> Iterator[tuple[Index, list[str]]]:
    """An index of three articles, and their ids; the words of the question below stand in those that don't answer it."""
    articles = [
        Article("gun", "Howitzers arrive", "Titanium has been used to keep the weight of the howitzer to four tonnes."),
        Article("post", "Posts in the mountains", "The new post on the pass is light in the morning and dark at noon."),
        Article("play", "A new play at the theatre", "The new play was light, and so was the applause."),
    ]
    index = Index(tmp_path, load_settings(), FixedEmbeddings())
    build_index(index, articles, load_settings(), count_tokens, no_progress)
    yield index, [article.article_id for article in articles]
    index.close()


def test_a_passage_is_found_by_what_its_words_mean(artillery: tuple[Index, list[str]]) -> None:
    index, _ = artillery
    assert order(index, FixedEmbeddings(), "Which metal keeps the new cannon light?")[0] == "gun"


def test_a_passage_whose_tokens_are_not_encoded_yet_is_still_found(artillery: tuple[Index, list[str]]) -> None:
    index, ids = artillery
    index.token_vectors.apply((), index.catalog.chunk_ids_of("gun"))
    assert set(order(index, FixedEmbeddings(), "Which metal keeps the new cannon light?")) == set(ids)
    index.token_vectors.apply((), index.token_vectors.ids())
    assert set(order(index, FixedEmbeddings(), "Which metal keeps the new cannon light?")) == set(ids)


class FixedEmbeddings(Embeddings):
    """Everything is near the question but what holds its words."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[0.0, 1.0] if "lemon" in text else [1.0, len(text) / 1000] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [1.0, 0.0]


def test_of_a_long_article_the_five_likeliest_passages_are_read(tmp_path: Path, count_tokens: Callable[[str], int]) -> None:
    paragraphs = [f"Rain fell in town {number}. {'Streets were wet. ' * 40}" for number in range(9)]
    settings, embeddings, reader = load_settings(), FixedEmbeddings(), Recording(WordReader())
    index = Index(tmp_path, settings, embeddings)
    build_index(index, [Article("rain", "Rain", "\n\n".join(paragraphs))], settings, count_tokens, no_progress)
    found = HybridRetriever(HybridSearch(index, embeddings, settings), reader).read_article("rain", "Where did rain fall?")
    index.close()
    assert len(found.chunks) > 5
    assert [scored.origin for scored in found.chunks] == ["reader"] * 5 + ["search"] * (len(found.chunks) - 5)
    assert {scored.chunk.chunk_id for scored in found.chunks[:5]} == set(found.readings)
    assert len(reader.read_whole) == 5


@pytest.mark.parametrize("most", [2, 3, 4, 10])
def test_however_few_are_taken_the_words_have_their_say(tmp_path: Path, count_tokens: Callable[[str], int], most: int) -> None:
    articles = [Article(f"a{n}", f"Report {n}", f"Rain fell {'again ' * n}in Leeds.") for n in range(8)]
    articles += [Article(f"b{n}", f"Garden {n}", f"A lemon tree is pruned {'again ' * n}in spring.") for n in range(2)]
    settings, embeddings = load_settings(rerank_top_k=most, dense_top_k=4), FixedEmbeddings()
    index = Index(tmp_path, settings, embeddings)
    build_index(index, articles, settings, count_tokens, no_progress)
    asked = "When is a lemon tree pruned?"
    found = HybridSearch(index, embeddings, settings).search(asked, SearchFilter(), Stopwatch())
    chunks = [scored.chunk for scored in found.chunks]
    dense = index.vectors.search(embeddings.embed_query(asked), 4, SearchFilter())
    index.close()
    assert len(chunks) == min(most, 6)
    assert any(chunk.article_id.startswith("b") for chunk in chunks[:2])
    assert not {chunk.chunk_id for chunk in chunks if chunk.article_id.startswith("b")} & dict(dense).keys()
    assert found.cosines == {chunk.chunk_id: dict(dense).get(chunk.chunk_id, dense[-1][1]) for chunk in chunks}


def test_of_two_alike_the_news_of_the_month_asked_about_comes_first(tmp_path: Path, count_tokens: Callable[[str], int]) -> None:
    articles = [
        Article(f"a{month}", "Talks", "The ministers met for talks in Leeds on Monday.", published=date(2023, month, 8))
        for month in (3, 7, 11)
    ]
    settings, embeddings = load_settings(), FixedEmbeddings()
    index = Index(tmp_path, settings, embeddings)
    build_index(index, articles, settings, count_tokens, no_progress)
    search = HybridSearch(index, embeddings, settings)
    first = [
        search.search(f"Who met in {when}?", SearchFilter(), Stopwatch()).chunks[0].chunk.article_id
        for when in ("July 2023", "November 2023", "the spring of 2023")
    ]
    index.close()
    assert first == ["a7", "a11", "a3"]


def test_the_only_passage_with_the_name_is_among_those_read(tmp_path: Path, count_tokens: Callable[[str], int]) -> None:
    """Others are found by both searches, it by its words alone."""
    articles = [Article(f"a{n}", f"Report {n}", f"Noor spoke {'again ' * n}in Leeds.") for n in range(14)]
    articles.append(Article("b", "Lemon trees", "Who grows a lemon tree? Haddad does."))
    settings, embeddings = load_settings(dense_top_k=12), FixedEmbeddings()
    index = Index(tmp_path, settings, embeddings)
    build_index(index, articles, settings, count_tokens, no_progress)
    found = HybridSearch(index, embeddings, settings).search("Who is Noor Haddad?", SearchFilter(), Stopwatch()).chunks
    index.close()
    assert "b" in [scored.chunk.article_id for scored in found]


def asked_of(*passages: tuple[str, float, float]) -> tuple[Retrieval, dict[str, Article]]:
    """A retrieval of passages given as day of publication, score and answerability; each of an article of its own."""
    chunks = [Chunk(day, day, "Rain.", 0, 5) for day, _, _ in passages]
    none = np.zeros(0, dtype=np.float32)
    readings = {
        day: Reading(answerable, 0.0, 0.0, np.zeros((0, 2), dtype=np.int64), none, none) for day, _, answerable in passages
    }
    scored = ranked(zip(chunks, (score for _, score, _ in passages), strict=True), "reader")
    articles = {day: Article(day, "Rain", "Rain.", published=date.fromisoformat(day)) for day, _, _ in passages}
    return Retrieval(tuple(scored), readings, {}, articles), articles


@pytest.mark.parametrize(
    ("passages", "kept"),
    [
        ([("2024-01-01", 9.0, 4.0), ("2025-01-01", 5.0, 1.0)], ["2025-01-01"]),
        ([("2024-01-01", 9.0, 4.0), ("2025-01-01", 8.0, -1.0)], ["2024-01-01"]),
        ([("2024-01-01", -3.0, -4.0), ("2025-01-01", -4.0, -5.0)], ["2024-01-01", "2025-01-01"]),
        ([], []),
    ],
)
def test_the_newest_article_that_seems_to_answer_is_taken(passages: list[tuple[str, float, float]], kept: list[str]) -> None:
    assert [scored.chunk.article_id for scored in of_the_newest(*asked_of(*passages)).chunks] == kept


def test_ranked_breaks_ties_by_id() -> None:
    chunks = [Chunk(name, "a", name, 0, 1) for name in "cab"]
    scored = ranked(zip(chunks, [1.0, 1.0, 2.0], strict=True), "test")
    assert [(entry.chunk.chunk_id, entry.rank, entry.score) for entry in scored] == [("b", 1, 2.0), ("a", 2, 1.0), ("c", 3, 1.0)]


def test_laps_of_one_name_add_up() -> None:
    watch = Stopwatch()
    watch.lap("embed")
    first = watch.timings_ms["embed"]
    watch.lap("search")
    watch.lap("embed")
    assert watch.timings_ms.keys() == {"embed", "search"}
    assert watch.timings_ms["embed"] > first >= 0


def test_articles_are_ranked_best_first_each_once(shipped: Assistant) -> None:
    ranking = shipped.rank_articles("drone contract with General Atomics", top_k=5)
    assert ranking[0][0] == "mq-9b-drone-contract"
    assert len(ranking) == len(dict(ranking)) == 5
    assert ranking == sorted(ranking, key=lambda entry: (-entry[1], entry[0]))
    assert set(dict(ranking)) <= set(shipped.article_ids())
