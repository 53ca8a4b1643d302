from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from assistant.answering.confidence import Signals, confidence
from assistant.answering.extractive import Extract, ExtractiveAnswerer
from assistant.index.documents import article_document, search_text
from assistant.index.lexical import LexicalIndex
from assistant.ingestion.sentences import sentence_spans
from assistant.models.reading import Reading
from assistant.retrieval.retriever import Retrieval
from assistant.settings import load_settings
from assistant.types import Article, Chunk, ScoredChunk

Passage = tuple[str, str, float]  # article id, text, the passage's own score


RAIN = Article("rain", "Rain in Leeds", "Rain fell in Leeds on 5 March 2024. The streets were wet. Nobody was hurt.", "The Post")
SNOW = Article("snow", "Snow in York", "Snow fell in York. Trains did not run. Schools stayed shut.")
COPY = Article("a-copy", "Leeds again", "Rain fell in Leeds on 5 March 2024. Shops closed early.")
FLOOD = Article("flood", "Flood in Hull", "Ten people died. The firm paid $2 million.")
TOLLS = Article(
    "tolls",
    "Tolls in Hull",
    "Ten people died. On 9 May 2021 the toll was 12. On 2 June 2021 it rained.",
    published=date(2021, 7, 1),
)
ARTICLES = {article.article_id: article for article in (RAIN, SNOW, COPY, FLOOD, TOLLS)}
Extracting = Callable[..., Extract]


def reading(text: str, logits: Mapping[str, float]) -> Reading:
    """A reading whose tokens are words: an answer begins a sentence with the logit that the table holds for it, and ends it."""
    offsets, starts, ends = [], [], []
    for start, end in sentence_spans(text):
        words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
        logit = logits.get(text[start:end], -9.0)
        offsets += words
        starts += [logit] + [-30.0] * (len(words) - 1)
        ends += [-30.0] * (len(words) - 1) + [logit]
    arrays = np.array(offsets), np.array(starts, dtype=np.float32), np.array(ends, dtype=np.float32)
    return Reading(2.5, 1.5, -1.0, *arrays)


def retrieved(passages: Sequence[Passage], logits: Mapping[str, float]) -> Retrieval:
    """The passages in the order given, as the reader's ranking."""
    chunks, readings = [], {}
    for rank, (article_id, text, logit) in enumerate(passages, start=1):
        start = ARTICLES[article_id].text.index(text)
        chunks.append(ScoredChunk(Chunk(f"c{rank}", article_id, text, start, start + len(text)), logit, rank, "fake"))
        readings[f"c{rank}"] = reading(text, logits)
    texts = {c.chunk.chunk_id: search_text(ARTICLES[c.chunk.article_id].title, c.chunk.text) for c in chunks}
    return Retrieval(tuple(chunks), readings, {}, passages=texts)


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
        logits: Mapping[str, float],
        *,
        newest_first: bool = False,
        sentences: Mapping[str, Sequence[tuple[int, int]]] | None = None,
        **settings: int,
    ) -> Extract:
        answerer = ExtractiveAnswerer(vocabulary, load_settings(**settings))
        retrieval = replace(retrieved(passages, logits), sentences=sentences or {})
        found = answerer.extract(question, retrieval, ARTICLES, newest_first=newest_first)
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
    assert extract("When did rain fall?", [], {}) == Extract((), None, None, (), None)


def test_the_sentence_in_which_the_answer_begins_is_best(extract: Extracting) -> None:
    found = extract("What were the streets like?", [whole(RAIN)], {"The streets were wet.": 5.0})
    assert texts(found) == ["The streets were wet."]
    assert found.short_answer == "The streets were wet"
    assert found.best
    assert (found.best.article_id, found.best.fits_kind) == ("rain", False)
    assert found.best.mass == pytest.approx(1, abs=1e-4)


def test_the_passage_counts_and_how_sure_the_sentence_is_within_it(extract: Extracting) -> None:
    sure = {"The streets were wet.": 5.0, "Schools stayed shut.": 5.0}
    torn = sure | {"Snow fell in York.": 5.0, "Trains did not run.": 5.0}
    question = "What about the weather?"
    for logits, best in [(sure, "Schools stayed shut."), (torn, "The streets were wet.")]:
        found = extract(question, [whole(RAIN, 0.0), whole(SNOW, 1.0)], logits, max_sentences=1)
        assert texts(found) == [best]


def test_an_expression_of_the_kind_asked_for_is_worth_something_but_not_everything(extract: Extracting) -> None:
    dated = "Rain fell in Leeds on 5 March 2024."
    for dry, best in [(0.5, dated), (7.0, "The streets were wet.")]:
        logits = {dated: 0.0, "The streets were wet.": dry}
        assert texts(extract("When did it pour?", [whole(RAIN)], logits, max_sentences=1)) == [best]


def test_a_sentence_that_has_the_quoted_words_is_best(extract: Extracting) -> None:
    logits = {"Snow fell in York.": 5.0, "The streets were wet.": -5.0}
    found = extract('Who said "the streets were wet"?', [whole(SNOW, 5.0), whole(RAIN)], logits, max_sentences=1)
    assert texts(found) == ["The streets were wet."]


def test_a_sentence_told_of_another_year_than_the_question_comes_after(extract: Extracting) -> None:
    dated, undated = "Rain fell in Leeds on 5 March 2024.", "The streets were wet."
    logits = {dated: 2.0, undated: 0.0}
    assert texts(extract("What was it like in 2024?", [whole(RAIN)], logits, max_sentences=1)) == [dated]
    assert texts(extract("What was it like in 2021?", [whole(RAIN)], logits, max_sentences=1)) == [undated]


def test_figures_of_another_kind_than_asked_for_do_not_answer(extract: Extracting) -> None:
    toll, fine = "Ten people died.", "The firm paid $2 million."
    found = extract("How many people died?", [whole(FLOOD)], {fine: 5.0, toll: 0.0}, max_sentences=1)
    assert (texts(found), found.short_answer, found.is_foreign) == ([toll], "Ten people died", False)
    assert extract("How long did it last?", [("flood", fine, 0.0)], {fine: 5.0}).is_foreign


def test_where_only_parts_of_a_passage_may_answer_they_are_quoted(extract: Extracting) -> None:
    part = "Rain fell in Leeds on 5 March 2024. The streets were wet."
    passages, logits = [whole(RAIN)], {"Nobody was hurt.": 9.0, "The streets were wet.": 5.0}
    found = extract("Who was hurt?", passages, logits, sentences={"c1": [(0, len(part))]})
    assert texts(found) == [part]


def test_the_newest_comes_first_among_what_may_answer(extract: Extracting) -> None:
    toll, later, weather = "Ten people died.", "On 9 May 2021 the toll was 12.", "On 2 June 2021 it rained."
    logits = {toll: 3.0, later: 2.0, weather: -5.0}
    found = extract("What is the toll?", [whole(TOLLS)], logits, max_sentences=1, newest_first=True)
    assert texts(found) == [later]


def test_only_the_first_passages_may_answer(extract: Extracting) -> None:
    found = extract("Who stayed shut?", [whole(RAIN), whole(SNOW)], {"Schools stayed shut.": 9.0}, evidence_top_k=1)
    assert found.best
    assert found.best.article_id == "rain"


def test_a_sentence_in_two_passages_counts_once_with_the_better(extract: Extracting) -> None:
    passages = [("rain", "The streets were wet. Nobody was hurt.", 4.0), ("rain", RAIN.text, 1.0)]
    found = extract("What were the streets like?", passages, {"The streets were wet.": 5.0})
    assert texts(found) == ["The streets were wet."]
    assert found.best
    assert found.best.chunk.score == 4.0


def test_ties_go_to_the_earlier_article_id_and_offset(extract: Extracting) -> None:
    level = {s: 1.0 for a in ARTICLES.values() for s in a.text.replace(". ", ".|").split("|")}
    for passages in ([whole(SNOW), whole(RAIN)], [whole(RAIN), whole(SNOW)]):
        found = extract("What about the weather?", passages, level, max_sentences=2)
        assert texts(found) == ["Rain fell in Leeds on 5 March 2024.", "The streets were wet."]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_at_most_so_many_sentences_and_the_best_of_them(extract: Extracting, most: int) -> None:
    logits = {"Nobody was hurt.": 3.0, "The streets were wet.": 2.8, "Rain fell in Leeds on 5 March 2024.": 2.6}
    found = extract("What about the weather?", [whole(RAIN)], logits, max_sentences=most)
    assert texts(found) == ["Rain fell in Leeds on 5 March 2024.", "The streets were wet.", "Nobody was hurt."][3 - most :]


def test_a_sentence_far_below_the_best_is_left_out(extract: Extracting) -> None:
    logits = {"Nobody was hurt.": 9.0, "The streets were wet.": 8.8, "Rain fell in Leeds on 5 March 2024.": -5.0}
    found = extract("What about the weather?", [whole(RAIN)], logits)
    assert texts(found) == ["The streets were wet.", "Nobody was hurt."]


def test_articles_come_in_the_order_of_their_best_sentence_and_sentences_in_reading_order(extract: Extracting) -> None:
    logits = {"Schools stayed shut.": 5.0, "The streets were wet.": 4.0, "Snow fell in York.": 4.9}
    found = extract("What about the weather?", [whole(RAIN, -1.5), whole(SNOW)], logits)
    assert texts(found) == ["Snow fell in York.", "Schools stayed shut.", "The streets were wet."]


def test_a_copy_of_a_sentence_is_not_quoted_twice(extract: Extracting) -> None:
    logits = {"Rain fell in Leeds on 5 March 2024.": 5.0, "Shops closed early.": 4.9}
    found = extract("What happened in Leeds?", [whole(RAIN), whole(COPY, 1.0)], logits)
    assert texts(found) == ["Rain fell in Leeds on 5 March 2024.", "Shops closed early."]
    assert [sentence.citations[0].article_id for sentence in found.sentences] == ["a-copy", "a-copy"]


@pytest.mark.parametrize(
    ("question", "signals"),
    [
        ("When was the rain in Leeds?", {"open_question": 0.0}),
        ("Why did rain fall in Leeds?", {"open_question": 1.0}),
        ("When did the second rain fall in Leeds?", {"missing_ordinal": 1.0}),
        ("When did rain fall in Leeds?", {"missing_ordinal": 0.0, "missing_focus": 0.0}),
        ("How many soldiers were hurt in Leeds?", {"missing_focus": 1.0}),
        ("How many streets were wet in Leeds?", {"missing_focus": 0.0}),
    ],
)
def test_the_signals_tell_what_does_not_fit(extract: Extracting, question: str, signals: Mapping[str, float]) -> None:
    logits = {"Rain fell in Leeds on 5 March 2024.": 5.0}
    found = extract(question, [whole(RAIN, 2.0)], logits)
    assert isinstance(found.signals, Signals)
    assert (found.signals.answerable, found.signals.margin) == (2.5, 11.0)
    assert found.signals.entailed == 1.5
    assert {name: getattr(found.signals, name) for name in signals} == signals


def test_what_is_missing_is_named(extract: Extracting) -> None:
    for question, words in [("When was the rain in Leeds?", []), ("When was the rain in Cardiff?", ["cardiff"])]:
        found = extract(question, [whole(RAIN)], {"Rain fell in Leeds on 5 March 2024.": 5.0})
        assert [term.word for term in found.missing] == words


@pytest.mark.parametrize(
    ("question", "is_foreign"),
    [
        ("What did the mayor say about snow?", True),
        ("What did the mayor say about the streets?", False),
        ("When did the mayor speak about snow in Leeds?", False),
        ("Did rain fall in Leeds in 2024?", False),
        ("Did rain fall in Leeds in 2020?", True),
        ("Is Paris warm?", False),
    ],
)
def test_an_article_without_the_topic_or_the_year_asked_about_is_foreign(
    extract: Extracting, question: str, is_foreign: bool
) -> None:
    assert extract(question, [whole(RAIN)], {"Rain fell in Leeds on 5 March 2024.": 5.0}).is_foreign is is_foreign


def test_how_near_the_best_passage_is_counts_only_where_it_is_far(vocabulary: LexicalIndex) -> None:
    passages, logits = [whole(RAIN)], {"Rain fell in Leeds on 5 March 2024.": 5.0}
    signals = []
    for cosines in ({"c1": 0.1}, {"c1": 0.8}, {}):
        found = replace(retrieved(passages, logits), cosines=cosines)
        extracted = ExtractiveAnswerer(vocabulary, load_settings()).extract("Is Paris warm?", found, ARTICLES)
        assert extracted.signals
        signals.append(extracted.signals)
    far, near, unknown = signals
    assert far.nearness == 0.1
    assert near == unknown
    assert confidence(far) < confidence(near)


@pytest.mark.parametrize(
    ("follow_up", "is_stray"),
    [("Who won the cup?", True), ("Was the mayor wet?", False), ("Who won it?", False), ("Who won?", False), (None, False)],
)
def test_a_follow_up_with_words_of_its_own_is_stray_where_the_article_has_none(
    vocabulary: LexicalIndex, follow_up: str | None, is_stray: bool
) -> None:
    found = retrieved([whole(RAIN)], {"The streets were wet.": 5.0})
    answerer = ExtractiveAnswerer(vocabulary, load_settings())
    assert answerer.extract("Who won the cup (Leeds)?", found, ARTICLES, follow_up=follow_up).is_stray is is_stray


def test_an_article_of_the_year_asked_about_comes_first(extract: Extracting) -> None:
    logits = {"Snow fell in York.": 5.0, "Rain fell in Leeds on 5 March 2024.": 5.0}
    passages = [whole(SNOW, 3.0), whole(RAIN)]
    assert texts(extract("What fell?", passages, logits, max_sentences=1)) == ["Snow fell in York."]
    assert texts(extract("What fell in 2024?", passages, logits, max_sentences=1)) == ["Rain fell in Leeds on 5 March 2024."]
