from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings
from shipped import SOURCE_ARTICLE

from assistant import Answer, Assistant, SearchFilter, Turn
from assistant.errors import CorpusError, QuestionError
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import OnnxReader
from assistant.settings import load_settings

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]
SEED = "when was India moved to STA Tier-1?"
STA = (
    "On 30 July 2018, India was moved into the Tier-1 of the US Department of Commerce's Strategic Trade Authorization "
    "license exception, according to the Ministry of External Affairs."
)
NOT_THERE = "When was Pakistan moved to STA Tier-1?"
QUESTIONS = [
    SEED,
    "Who is the US Secretary of Defence?",
    "What did the two leaders emphasise?",
    "Which agreements provide the framework for cooperation?",
    "What is the 2+2 Ministerial Dialogue?",
    "What did Singh write on X?",
]


class UnusedEmbeddings(Embeddings):
    """Fails when a document is to be embedded; questions are another embedder's."""

    def __init__(self, inner: Embeddings) -> None:
        self._inner = inner

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError(f"{len(texts)} documents were embedded anew")

    def embed_query(self, text: str) -> list[float]:
        return self._inner.embed_query(text)


def without_timings(answer: Answer) -> dict[str, Any]:
    plain = answer.to_dict()
    del plain["timings_ms"]
    return plain


def check(answer: Answer, assistant: Assistant) -> None:
    """What holds of every answer."""
    cited = [citation for sentence in answer.sentences for citation in sentence.citations]
    assert list(answer.citations) == cited
    for citation in cited:
        article = assistant.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
        assert (citation.title, citation.source, citation.published) == (article.title, article.source, article.published)
    assert [sentence.text for sentence in answer.sentences] == [citation.quote for citation in cited]
    assert [citation.marker for citation in cited] == list(range(1, len(cited) + 1))
    for scored in answer.evidence:
        chunk = scored.chunk
        assert assistant.article(chunk.article_id).text[chunk.start : chunk.end] == chunk.text
    assert [scored.rank for scored in answer.evidence] == list(range(1, len(answer.evidence) + 1))
    assert 0 <= answer.confidence <= 1
    assert answer.timings_ms["total"] > 0
    assert json.loads(json.dumps(answer.to_dict(), allow_nan=False)) == answer.to_dict()
    if answer.abstained:
        assert not answer.sentences
        assert answer.short_answer is None
        assert answer.reason
        assert answer.reason in answer.text
    else:
        assert 1 <= len(answer.sentences) <= 3
        assert answer.reason is None
        assert answer.text == " ".join(f"{citation.quote} [{citation.marker}]" for citation in cited)
        assert markers(answer.text) == [citation.marker for citation in cited]
        # "Tuesday (27 October 2020)": what the article writes, and in brackets the day that it means.
        assert answer.short_answer is None or answer.short_answer.split(" (")[0] in answer.text


def markers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\[(\d+)\]", text)]


@pytest.mark.parametrize("where", ["article_index", "shipped"])
def test_the_seed_question_is_answered_with_the_articles_own_sentence(where: str, request: pytest.FixtureRequest) -> None:
    assistant: Assistant = request.getfixturevalue(where)
    answer = assistant.ask(SEED)
    check(answer, assistant)
    assert not answer.abstained
    assert answer.short_answer == "30 July 2018"
    assert f"{STA} [" in answer.text
    (citation,) = [citation for citation in answer.citations if citation.quote == STA]
    assert citation.article_id == SOURCE_ARTICLE
    assert assistant.article(SOURCE_ARTICLE).text[citation.start : citation.end] == STA
    assert citation.published == date(2025, 2, 7)
    assert citation.support == 1
    assert answer.question == SEED
    assert answer.searched_for == "when was India moved to STA (Strategic Trade Authorization) Tier-1?"
    assert answer.removed == ()
    assert answer.raw_text is None


@pytest.mark.parametrize("where", ["article_index", "shipped"])
def test_what_the_articles_do_not_say_is_not_answered(where: str, request: pytest.FixtureRequest) -> None:
    assistant: Assistant = request.getfixturevalue(where)
    answer = assistant.ask(NOT_THERE)
    check(answer, assistant)
    assert answer.abstained
    assert answer.text.startswith("The articles don't say: ")
    assert "Pakistan" in answer.text
    assert "Nearest article: “" in answer.text
    assert answer.confidence < assistant.settings.abstain_below


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_at_most_three_sentences_quoted_word_for_word(article_index: Assistant, question: str) -> None:
    answer = article_index.ask(question)
    check(answer, article_index)


def test_sentences_stand_in_reading_order(shipped: Assistant) -> None:
    answer = shipped.ask("Which agreements did India and the United States sign?")
    check(answer, shipped)
    for before, after in pairwise(answer.citations):
        if before.article_id == after.article_id:
            assert before.end <= after.start


def test_one_sentence_at_most_where_the_settings_say_so(
    article_index: Assistant, article_corpus: Path, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> None:
    parts = {"embeddings": UnusedEmbeddings(embeddings), "reader": reader}
    root = article_index.index_folder.parent
    settings = load_settings(max_sentences=1, abstain_below=0)
    with Assistant.open(article_corpus, root, settings=settings, **parts) as brief:
        assert brief.index_folder == article_index.index_folder
        assert [len(brief.ask(question).sentences) for question in QUESTIONS[:3]] == [1, 1, 1]
    # Closing the one leaves the other open.
    assert article_index.ask(SEED).short_answer == "30 July 2018"


def test_half_a_character_in_an_outlet_or_an_id_is_no_damage(article_index: Assistant) -> None:
    for name in ("\ud800", "\udcff"):
        answer = article_index.ask(SEED, filter=SearchFilter(sources=(name,)))
        check(answer, article_index)
        assert "no article passes the filter" in answer.text
        assert article_index.search(SEED, filter=SearchFilter(sources=(name,))) == ()
        for look_up in (article_index.article, article_index.carried_by):
            with pytest.raises(KeyError):
                look_up(name)


def test_an_outlet_may_be_chosen(shipped: Assistant) -> None:
    answer = shipped.ask(SEED, filter=SearchFilter(sources=("Background brief",)))
    check(answer, shipped)
    assert {shipped.article(scored.chunk.article_id).source for scored in answer.evidence} == {"Background brief"}


def test_a_span_of_days_may_be_chosen(shipped: Assistant) -> None:
    only_2020 = SearchFilter(date(2020, 1, 1), date(2020, 12, 31))
    answer = shipped.ask("When was the Basic Exchange and Cooperation Agreement signed?", filter=only_2020)
    check(answer, shipped)
    assert not answer.abstained
    assert all(citation.published and citation.published.year == 2020 for citation in answer.citations)
    assert all(str(shipped.article(scored.chunk.article_id).published).startswith("2020") for scored in answer.evidence)


@pytest.mark.parametrize(
    "question",
    [
        "What is the price of gold?",
        "Which engine powers most container ships?",
        "What force keeps planets in orbit?",
        "How many members sit in a jury?",
    ],
)
def test_questions_about_other_things_are_not_answered(shipped: Assistant, question: str) -> None:
    answer = shipped.ask(question)
    check(answer, shipped)
    assert answer.abstained
    assert answer.confidence < 0.5


@pytest.mark.parametrize("question", ["What can be seen between hadrons?", "How do I bake bread?"])
def test_what_was_spoken_of_before_makes_nothing_of_them_a_follow_up(shipped: Assistant, question: str) -> None:
    history = [Turn("user", "what did the ministers do in November 2023 in Delhi"), Turn("assistant", "They met.")]
    answer = shipped.ask(question, history)
    check(answer, shipped)
    assert answer.abstained


def test_a_question_without_one_of_the_articles_words_is_answered(shipped: Assistant) -> None:
    answer = shipped.ask("When did the restrictions imposed over the atomic blasts mostly end?")
    check(answer, shipped)
    assert answer.short_answer == "September 2001"


def test_where_nothing_passes_the_filter_there_is_no_answer(article_index: Assistant) -> None:
    answer = article_index.ask(SEED, filter=SearchFilter(published_before=date(1999, 12, 31)))
    check(answer, article_index)
    assert answer.abstained
    assert answer.evidence == ()
    assert answer.text == "The articles don't say: no article passes the filter. Widen the dates or the outlets."


@pytest.mark.parametrize("question", ["", "   ", "\n\t "])
def test_an_empty_question_is_refused(article_index: Assistant, question: str) -> None:
    for method in (article_index.ask, article_index.search, article_index.rank_articles):
        with pytest.raises(QuestionError, match="The question is empty"):
            method(question)


def test_an_overlong_question_is_refused_and_its_length_named(article_index: Assistant) -> None:
    with pytest.raises(QuestionError, match="2,001 characters, more than the 2,000 allowed") as caught:
        article_index.ask("x" * 2001)
    assert caught.value.exit_code == 2


def test_a_question_just_short_enough_is_answered(article_index: Assistant) -> None:
    question = f"{SEED} {'please ' * 300}"[:2000].strip()
    check(article_index.ask(question), article_index)


@pytest.mark.parametrize(
    ("question", "read"), [("\ud83d", "?"), (SEED.replace("was", "\udcff was"), SEED.replace("was", "? was"))]
)
def test_half_a_character_in_a_question_is_read_as_a_question_mark(article_index: Assistant, question: str, read: str) -> None:
    answer = article_index.ask(question)
    check(answer, article_index)
    assert answer.question == read
    assert without_timings(answer) == without_timings(article_index.ask(read))
    assert json.dumps(answer.to_dict(), ensure_ascii=False).encode()
    assert article_index.search(question) == article_index.search(read)
    assert article_index.rank_articles(question) == article_index.rank_articles(read)


@pytest.mark.parametrize(
    "question",
    ["?", "\0", "👍🏽", "' OR 1=1; --", "text:india AND (", "[1]", "{question}", "<script>alert(1)</script>", "ß" * 500],
)
def test_any_question_gets_an_answer_or_an_abstention(article_index: Assistant, question: str) -> None:
    check(article_index.ask(question), article_index)


def test_spaces_around_and_within_a_question_do_not_matter(article_index: Assistant) -> None:
    spaced = article_index.ask(f"  {SEED.replace(' ', '   ')}\n")
    assert without_timings(spaced) == without_timings(article_index.ask(SEED))


def test_a_follow_up_is_completed_from_the_conversation(article_index: Assistant) -> None:
    first = "When did the fifth 2+2 Ministerial Dialogue take place?"
    history = [Turn("user", first), Turn("assistant", "In November 2023. [1]")]
    answer = article_index.ask("and where?", history)
    check(answer, article_index)
    assert not answer.abstained
    assert "New Delhi" in answer.text
    assert answer.question == "and where?"
    assert answer.searched_for == "Where did the fifth 2+2 Ministerial Dialogue take place?"


def test_a_question_of_its_own_is_not_bent_by_the_conversation(article_index: Assistant) -> None:
    history = [Turn("user", "What did Singh write on X?"), Turn("assistant", "He wrote a post. [1]")]
    assert without_timings(article_index.ask(SEED, history)) == without_timings(article_index.ask(SEED))


def test_eight_threads_get_the_answers_of_one(article_index: Assistant) -> None:
    questions = [*QUESTIONS[:3], NOT_THERE]
    alone = [without_timings(article_index.ask(question)) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: without_timings(article_index.ask(question)), questions * 2))
    assert together == alone * 2


def test_articles_can_be_read_by_id(article_index: Assistant) -> None:
    assert article_index.article_ids() == [SOURCE_ARTICLE]
    assert article_index.article(SOURCE_ARTICLE).published == date(2025, 2, 7)
    articles, chunks = article_index.counts()
    assert articles == 1
    assert chunks > 1
    with pytest.raises(KeyError, match="nobody"):
        article_index.article("nobody")


def test_bad_input_leaves_the_old_index_usable(
    make_corpus: MakeCorpus, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> None:
    corpus = make_corpus({"rain.txt": "Rain fell in Leeds on 5 March 2024."})
    index = corpus.with_name(".index")
    question = "When did rain fall in Leeds?"
    with Assistant.open(corpus, index, embeddings=embeddings, reader=reader) as assistant:
        before = without_timings(assistant.ask(question))
    make_corpus({"snow.txt": b"Snow \xff"})
    unused = UnusedEmbeddings(embeddings)
    with pytest.raises(CorpusError, match=r"snow\.txt, line 1"):
        Assistant.open(corpus, index, embeddings=unused, reader=reader)
    (corpus / "snow.txt").unlink()
    with Assistant.open(corpus, index, embeddings=unused, reader=reader) as assistant:
        assert without_timings(assistant.ask(question)) == before
    assert before["short_answer"] == "5 March 2024"


def test_asking_sees_what_changed_since_the_last_time(
    make_corpus: MakeCorpus, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> None:
    corpus = make_corpus({"rain.txt": "Rain fell in Leeds on 5 March 2024.", "snow.txt": "Snow fell in York on 6 May 2023."})
    index = corpus.with_name(".index")
    question = "When did rain fall in Leeds?"
    found = []
    for text in ("Rain fell in Leeds on 5 March 2024.", "Rain fell in Leeds on 7 April 2025."):
        make_corpus({"rain.txt": text})
        with Assistant.open(corpus, index, embeddings=embeddings, reader=reader) as assistant:
            answer = assistant.ask(question)
            check(answer, assistant)
            found.append(answer.short_answer)
    assert found == ["5 March 2024", "7 April 2025"]


def test_a_copy_of_an_article_adds_no_second_quotation_of_its_words(
    make_corpus: MakeCorpus, embeddings: SentenceTransformerEmbeddings, reader: OnnxReader
) -> None:
    text = "Rain fell in Leeds on 5 March 2024. The streets of the town were wet."
    corpus = make_corpus({"one.txt": text, "two.txt": text, "three.txt": text.replace("wet", "dry")})
    with Assistant.open(corpus, corpus.with_name(".index"), embeddings=embeddings, reader=reader) as assistant:
        answer = assistant.ask("When did rain fall in Leeds?")
        check(answer, assistant)
        assert [sentence.text for sentence in answer.sentences].count("Rain fell in Leeds on 5 March 2024.") == 1


FLOODS = {
    "older.md": "---\ntitle: Flood in Leeds\npublished: 2023-05-10\n---\n"
    "A flood closed the station in Leeds on Monday. It shut two roads.",
    "newer.md": "---\ntitle: Flood in Leeds\npublished: 2024-09-19\n---\n"
    "A flood closed the station in Leeds on Wednesday. The flood before it had closed the station in Leeds on 8 May 2023.",
}


@pytest.mark.parametrize(
    ("question", "search_filter"),
    [
        ("When was the station in Leeds closed by a flood?", SearchFilter(newest_first=True)),
        ("When was the station in Leeds closed by the latest flood?", None),
    ],
)
def test_the_newest_is_the_newest_articles_last_day(
    question: str,
    search_filter: SearchFilter | None,
    make_corpus: MakeCorpus,
    embeddings: SentenceTransformerEmbeddings,
    reader: OnnxReader,
) -> None:
    corpus = make_corpus(FLOODS)
    with Assistant.open(corpus, corpus.parent / "index", embeddings=embeddings, reader=reader) as assistant:
        answer = assistant.ask(question, filter=search_filter)
    assert answer.short_answer == "Wednesday (18 September 2024)"
    assert {citation.article_id for citation in answer.citations} == {"newer"}


def test_what_no_article_tells_is_found_in_none(shipped: Assistant) -> None:
    """Sentences without a name or a figure, about other news."""
    text = (
        "Retired people hold less than half of the seats on the panel. The volume agreed was less than first hoped. "
        "Critics say the deal came too late. Nobody was hurt in the accident. Farmers fear that prices will fall."
    )
    assert {sentence.verdict for sentence in shipped.verify(text)} == {"not found"}


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("BECA was signed in October 2020.", "supported"), ("BECA was signed in October 2019.", "contradicted")],
)
def test_a_claim_is_searched_for_in_the_articles_own_words(shipped: Assistant, claim: str, verdict: str) -> None:
    (sentence,) = shipped.verify(claim)
    assert sentence.verdict == verdict
    assert "Basic Exchange and Cooperation Agreement" in sentence.citations[0].quote


def test_a_question_that_asks_two_things_has_both_answered(shipped: Assistant) -> None:
    answer = shipped.ask("Which 1995 paper created the Defence Policy Group, and who signed it for the US?")
    assert all(shipped.article(c.article_id).text[c.start : c.end] == c.quote for c in answer.citations)
    # How far the second span goes on differs by processor: two ends are as good as equal to the readers.
    assert answer.short_answer is not None
    assert answer.short_answer.startswith("Agreed Minute on Defence Relations; William Perry")
    assert len({citation.article_id for citation in answer.citations}) == 2


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who was running the Pentagon in June 2017?", "James Mattis"),
        ("Which politician was in charge of the Indian defence ministry in June 2010?", "A. K. Antony"),
        ("Who headed the Pentagon in 2016?", "Ashton Carter"),
        ("When was the latest Quad leaders' summit?", "21 September 2024"),
        ("what does comcasa stand for", "Communications Compatibility and Security Agreement"),
    ],
)
def test_news_dates_and_names_are_understood(shipped: Assistant, question: str, short: str) -> None:
    assert shipped.ask(question).short_answer == short


@pytest.mark.parametrize("question", ["Who was US secretary of state in 2008?", "Who headed the Pentagon in 2010?"])
def test_who_was_in_office_in_another_year_is_no_answer(shipped: Assistant, question: str) -> None:
    assert shipped.ask(question).abstained


def test_where_half_a_question_is_answered_the_other_half_is_named(shipped: Assistant) -> None:
    answer = shipped.ask("How many MQ-9B drones did India order, and who painted them?")
    assert (answer.short_answer, answer.notice) == ("31", "The articles don't answer “who painted them?”")


def test_who_spoke_of_what_the_article_names_only_at_its_beginning_is_quoted(shipped: Assistant) -> None:
    answer = shipped.ask("What did Parrikar say about LEMOA?")
    assert "no provision for any base" in (answer.short_answer or "")


def test_a_passage_that_only_speaks_of_the_drones_tells_what_they_cost(shipped: Assistant) -> None:
    answer = shipped.ask("How many MQ-9B drones did India order, and what did they cost?")
    assert (answer.short_answer, answer.notice) == ("31; 3.99 billion dollars", None)


TOLLS = {
    "herald.md": "---\ntitle: Flood in Hull\nsource: Hull Herald\npublished: 2023-08-17\n---\nThree people died in the flood in "
    "Hull on Thursday, the council said. The river had risen by two metres.",
    "post.md": "---\ntitle: The flood at Hull\nsource: Daily Post\npublished: 2023-08-18\n---\nFour people died in the flood in "
    "Hull, said the mayor, Ann Lee. Schools stay shut on Monday.",
}


@pytest.mark.parametrize(("outlet", "toll"), [("the Hull Herald", "Three"), ("the Daily Post", "Four")])
def test_one_outlet_is_asked_where_it_is_named(
    make_corpus: MakeCorpus, embeddings: Embeddings, reader: OnnxReader, outlet: str, toll: str
) -> None:
    corpus = make_corpus(TOLLS)
    with Assistant.open(corpus, corpus.parent / ".index", embeddings=embeddings, reader=reader) as assistant:
        question = f"According to {outlet}, how many people died in the flood in Hull?"
        answer = assistant.ask(question)
        assert answer.question == question
        assert answer.short_answer is not None
        assert answer.short_answer.startswith(toll)
        both = assistant.ask("How many people died in the flood in Hull?")
        assert both.notice == "The articles differ: 1 article says Four; 1 says Three."


def test_a_day_of_the_week_answers_when(make_corpus: MakeCorpus, embeddings: Embeddings, reader: OnnxReader) -> None:
    corpus = make_corpus(
        {
            "deal.md": "---\ntitle: Regulator clears grain deal\npublished: 2026-03-12\n---\nThe Competition Bureau on Tuesday "
            "approved Pellworth Foods' takeover of Northgate Grain on condition that the pair sell three mills."
        }
    )
    with Assistant.open(corpus, corpus.parent / ".index", embeddings=embeddings, reader=reader) as assistant:
        answer = assistant.ask("When did the Competition Bureau approve the takeover?")
        assert answer.short_answer == "Tuesday (10 March 2026)"
        (citation,) = answer.citations
        assert assistant.article("deal").text[citation.start : citation.end] == citation.quote
