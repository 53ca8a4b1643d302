from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answering.confidence import Signals
from assistant.answering.extractive import Extract, ExtractiveAnswerer
from assistant.index.documents import article_document
from assistant.index.lexical import LexicalIndex
from assistant.retrieval.retriever import Retrieval
from assistant.settings import load_settings
from assistant.types import Article, Chunk, ScoredChunk

Passage = tuple[str, str, float]  # article id, text, the passage's own logit


class KnowingReranker:
    """Gives each sentence the logit that a table holds for it, whatever the question; keeps the pairs it was given."""

    def __init__(self, logits: Mapping[str, float], leaving_out: Mapping[str, float] | None = None) -> None:
        self._logits = logits
        self._questions = leaving_out or {}
        self.pairs: list[tuple[str, str]] = []

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.pairs += pairs
        return np.array([self._questions.get(q, self._logits.get(p.split("\n", 1)[1], -9.0)) for q, p in pairs], dtype=np.float32)


RAIN = Article("rain", "Rain in Leeds", "Rain fell in Leeds on 5 March 2024. The streets were wet. Nobody was hurt.", "The Post")
SNOW = Article("snow", "Snow in York", "Snow fell in York. Trains did not run. Schools stayed shut.")
COPY = Article("a-copy", "Leeds again", "Rain fell in Leeds on 5 March 2024. Shops closed early.")
ARTICLES = {article.article_id: article for article in (RAIN, SNOW, COPY)}
Extracting = Callable[..., Extract]


def retrieved(passages: Sequence[Passage], dense: tuple[tuple[str, float], ...] = ()) -> Retrieval:
    """The passages in the order given, as the reranker's ranking."""
    chunks = []
    for rank, (article_id, text, logit) in enumerate(passages, start=1):
        start = ARTICLES[article_id].text.index(text)
        chunks.append(ScoredChunk(Chunk(f"c{rank}", article_id, text, start, start + len(text)), logit, rank, "fake"))
    return Retrieval(tuple(chunks), dense, (), {})


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    index = LexicalIndex(tmp_path_factory.mktemp("words"))
    index.apply([article_document(article) for article in ARTICLES.values()], ())
    return index


@pytest.fixture
def extract(vocabulary: LexicalIndex) -> Extracting:
    def run(
        question: str,
        passages: Sequence[Passage],
        reranker: KnowingReranker,
        dense: tuple[tuple[str, float], ...] = (),
        **settings: int,
    ) -> Extract:
        answerer = ExtractiveAnswerer(reranker, vocabulary, load_settings(**settings))
        found = answerer.extract(question, retrieved(passages, dense), ARTICLES)
        for marker, sentence in enumerate(found.sentences, start=1):
            (citation,) = sentence.citations
            article = ARTICLES[citation.article_id]
            assert article.text[citation.start : citation.end] == citation.quote == sentence.text
            assert (citation.marker, citation.title, citation.source) == (marker, article.title, article.source)
            assert (citation.support, sentence.verdict) == (1.0, "supported")
        return found

    return run


def texts(found: Extract) -> list[str]:
    return [sentence.text for sentence in found.sentences]


def whole(article: Article, logit: float = 0.0) -> Passage:
    return article.article_id, article.text, logit


def test_nothing_to_read_gives_nothing(extract: Extracting) -> None:
    reranker = KnowingReranker({})
    assert extract("When did rain fall?", [], reranker) == Extract((), None, None, (), None)


def test_the_sentence_of_the_highest_logit_is_best(extract: Extracting) -> None:
    found = extract("What were the streets like?", [whole(RAIN)], KnowingReranker({"The streets were wet.": 5.0}))
    assert texts(found) == ["The streets were wet."]
    assert found.best
    assert (found.best.article_id, found.best.sentence_logit, found.best.fits_kind) == ("rain", 5.0, False)


def test_sentence_and_passage_count_together(extract: Extracting) -> None:
    reranker = KnowingReranker({"The streets were wet.": 3.0, "Schools stayed shut.": 2.0})
    question = "What about the weather?"
    for snow, best in [(-5.0, "The streets were wet."), (1.5, "Schools stayed shut.")]:
        found = extract(question, [whole(RAIN, 0.0), whole(SNOW, snow)], reranker, max_sentences=1)
        assert texts(found) == [best]


def test_an_expression_of_the_kind_asked_for_is_worth_something_but_not_everything(extract: Extracting) -> None:
    dated = "Rain fell in Leeds on 5 March 2024."
    for dry, best in [(1.0, dated), (7.0, "The streets were wet.")]:
        reranker = KnowingReranker({dated: 0.0, "The streets were wet.": dry})
        found = extract("When did it pour?", [whole(RAIN)], reranker, max_sentences=1)
        assert texts(found) == [best]
        assert found.short_answer == ("5 March 2024" if best == dated else None)


def test_each_sentence_is_read_with_its_articles_title(extract: Extracting) -> None:
    reranker = KnowingReranker({})
    extract("Why?", [whole(SNOW)], reranker)
    assert [passage for _, passage in reranker.pairs[:3]] == [
        "Snow in York\nSnow fell in York.",
        "Snow in York\nTrains did not run.",
        "Snow in York\nSchools stayed shut.",
    ]


def test_only_the_first_passages_are_read(extract: Extracting) -> None:
    reranker = KnowingReranker({"Schools stayed shut.": 9.0})
    found = extract("Who stayed shut?", [whole(RAIN), whole(SNOW)], reranker, evidence_top_k=1)
    assert {passage.split("\n")[0] for _, passage in reranker.pairs} == {"Rain in Leeds"}
    assert found.best
    assert found.best.article_id == "rain"


def test_a_sentence_in_two_passages_counts_once_with_the_better(extract: Extracting) -> None:
    passages = [("rain", "The streets were wet. Nobody was hurt.", 4.0), ("rain", RAIN.text, 1.0)]
    found = extract("What were the streets like?", passages, KnowingReranker({"The streets were wet.": 5.0}))
    assert texts(found) == ["The streets were wet."]
    assert found.best
    assert (found.best.passage_logit, found.best.score) == (4.0, 9.0)


def test_ties_go_to_the_earlier_article_id_and_offset(extract: Extracting) -> None:
    level = KnowingReranker({s: 1.0 for a in ARTICLES.values() for s in a.text.replace(". ", ".|").split("|")})
    for passages in ([whole(SNOW), whole(RAIN)], [whole(RAIN), whole(SNOW)]):
        found = extract("What about the weather?", passages, level, max_sentences=2)
        assert texts(found) == ["Rain fell in Leeds on 5 March 2024.", "The streets were wet."]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_at_most_so_many_sentences_and_the_best_of_them(extract: Extracting, most: int) -> None:
    reranker = KnowingReranker(
        {"Nobody was hurt.": 3.0, "The streets were wet.": 2.0, "Rain fell in Leeds on 5 March 2024.": 1.0}
    )
    found = extract("What about the weather?", [whole(RAIN)], reranker, max_sentences=most)
    assert texts(found) == ["Rain fell in Leeds on 5 March 2024.", "The streets were wet.", "Nobody was hurt."][3 - most :]


def test_a_sentence_far_below_the_best_is_left_out(extract: Extracting) -> None:
    reranker = KnowingReranker(
        {"Nobody was hurt.": 15.0, "The streets were wet.": 14.0, "Rain fell in Leeds on 5 March 2024.": -5.0}
    )
    found = extract("What about the weather?", [whole(RAIN)], reranker)
    assert texts(found) == ["The streets were wet.", "Nobody was hurt."]


def test_articles_come_in_the_order_of_their_best_sentence_and_sentences_in_reading_order(extract: Extracting) -> None:
    reranker = KnowingReranker({"Schools stayed shut.": 5.0, "The streets were wet.": 4.0, "Snow fell in York.": 3.0})
    found = extract("What about the weather?", [whole(RAIN), whole(SNOW)], reranker)
    assert texts(found) == ["Snow fell in York.", "Schools stayed shut.", "The streets were wet."]


def test_a_copy_of_a_sentence_is_not_quoted_twice(extract: Extracting) -> None:
    reranker = KnowingReranker({"Rain fell in Leeds on 5 March 2024.": 5.0, "Shops closed early.": 4.0})
    found = extract("When did rain fall in Leeds?", [whole(RAIN), whole(COPY)], reranker)
    assert texts(found) == ["Rain fell in Leeds on 5 March 2024.", "Shops closed early."]
    assert [sentence.citations[0].article_id for sentence in found.sentences] == ["a-copy", "a-copy"]


@pytest.mark.parametrize(
    ("question", "signals"),
    [
        ("When was the rain in Leeds?", {"missing": 0.0, "missing_name": 0.0, "open_question": 0.0, "asks_why": 0.0}),
        ("When did rain fall in Cardiff?", {"missing_name": 1.0, "negation": 0.0}),
        ("Why did rain fall in Leeds?", {"asks_why": 1.0, "open_question": 1.0}),
        ("When did rain not fall in Leeds?", {"negation": 1.0}),
        ("When did the second rain fall in Leeds?", {"missing_ordinal": 1.0}),
        ("When did rain fall in Leeds?", {"missing_ordinal": 0.0, "missing_focus": 0.0}),
        ("How many soldiers were hurt in Leeds?", {"missing_focus": 1.0, "missing_name": 0.0}),
        ("How many streets were wet in Leeds?", {"missing_focus": 0.0}),
    ],
)
def test_the_signals_tell_what_does_not_fit(extract: Extracting, question: str, signals: Mapping[str, float]) -> None:
    reranker = KnowingReranker({"Rain fell in Leeds on 5 March 2024.": 5.0})
    found = extract(question, [whole(RAIN, 2.0)], reranker, dense=(("c1", 0.75), ("c2", 0.5)))
    assert isinstance(found.signals, Signals)
    assert (found.signals.sentence_logit, found.signals.passage_logit, found.signals.similarity) == (5.0, 2.0, 0.75)
    assert {name: getattr(found.signals, name) for name in signals} == signals


def test_what_is_missing_is_named_and_weighed_by_how_rare_it_is(extract: Extracting) -> None:
    reranker = KnowingReranker({"Rain fell in Leeds on 5 March 2024.": 5.0})

    def missing(question: str) -> tuple[list[str], float]:
        found = extract(question, [whole(RAIN)], reranker)
        assert found.signals
        return [term.word for term in found.missing], found.signals.missing

    assert missing("When was the rain in Leeds?") == ([], 0.0)
    words, rare = missing("When was the rain in Cardiff?")
    assert words == ["cardiff"]
    _, common = missing("When was the rain in York?")
    assert 0 < common < rare < 1
    assert missing("Cardiff?") == (["cardiff"], 1.0)


def test_a_word_that_fits_badly_shows_when_it_is_left_out(extract: Extracting) -> None:
    logits = {"Rain fell in Leeds on 5 March 2024.": 2.0}
    passages = [whole(RAIN)]
    question = "When did acid rain fall?"
    for without, misfit in [({"When did rain fall?": 6.0}, 4.0), ({"When did rain fall?": -3.0}, 0.0)]:
        found = extract(question, passages, KnowingReranker(logits, without))
        assert found.signals
        assert found.signals.misfit == misfit


def test_a_question_without_content_words_has_no_misfit(extract: Extracting) -> None:
    found = extract("When was it?", [whole(RAIN)], KnowingReranker({"Rain fell in Leeds on 5 March 2024.": 2.0}))
    assert found.signals
    assert (found.signals.misfit, found.signals.missing) == (0.0, 0.0)
    assert found.short_answer == "5 March 2024"
