"""An answer as text, Markdown, BibTeX and link."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import pytest

from assistant.types import Answer, Article, Citation, Sentence
from assistant.web.copying import as_bibtex, as_link, as_markdown, as_text, conversation_as_markdown

ARTICLE = Article(
    "wire/a_1",
    "Rain & *sun* {now}",
    "It rained. Then not.",
    "The Daily",
    "A. Writer",
    "https://example.org/a_1",
    date(2020, 1, 2),
)
CITATIONS = tuple(
    Citation(n, ARTICLE.article_id, ARTICLE.title, ARTICLE.source, ARTICLE.published, quote, 0, len(quote), 1.0)
    for n, quote in ((1, "It rained."), (2, "Then not."))
)
ANSWER = Answer(
    "Did it *rain*?",
    "It rained. [1] Then not. [2]",
    None,
    tuple(Sentence(c.quote, "supported", (c,)) for c in CITATIONS),
    CITATIONS,
    (),
    False,
    None,
    0.9,
    "Did it *rain*?",
)
ARTICLES = {ARTICLE.article_id: ARTICLE}


def test_text():
    first, *references = as_text(ANSWER, ARTICLES).splitlines()
    assert first == ANSWER.text
    assert references[0] == "[1] “Rain & *sun* {now}”, The Daily, 2 January 2020, https://example.org/a_1"


def test_markdown_quotes_and_escapes():
    text = as_markdown(ANSWER, ARTICLES)
    assert text.startswith("## Did it \\*rain\\*?\n\nIt rained. \\[1\\]")
    assert "> It rained.\n>\n> — \\[1\\] “Rain & \\*sun\\* \\{now\\}”" in text


def test_the_short_answer_and_the_notice_stand_where_the_page_shows_them():
    compared = dataclasses.replace(ANSWER, short_answer="2 days *after* it", notice="The articles differ: 1 or 2.")
    assert as_text(compared, ARTICLES).splitlines()[:3] == ["2 days *after* it", ANSWER.text, "The articles differ: 1 or 2."]
    expected = "\n\n**2 days \\*after\\* it**\n\nIt rained. \\[1\\] Then not. \\[2\\]\n\n*The articles differ: 1 or 2.*\n\n>"
    assert expected in as_markdown(compared, ARTICLES)
    assert expected in conversation_as_markdown("Weather", [compared], ARTICLES)


def test_an_abstention_has_no_short_answer():
    unanswered = dataclasses.replace(
        ANSWER, text="The articles don't say.", short_answer="2 days", sentences=(), citations=(), abstained=True
    )
    assert as_text(unanswered, ARTICLES) == "The articles don't say."
    assert as_markdown(unanswered, ARTICLES) == "## Did it \\*rain\\*?\n\nThe articles don't say."


def test_bibtex_has_one_entry_for_an_article_cited_twice():
    text = as_bibtex(ANSWER, ARTICLES)
    assert text.count("@misc") == 1
    assert text.startswith("@misc{wire-a-1-")
    assert "  title = {Rain \\& *sun* \\{now\\}},\n" in text
    assert "  url = {https://example.org/a_1},\n" in text
    assert "  date = {2020-01-02},\n" in text
    assert text.endswith("\n}")


def bibtex_keys(*article_ids: str) -> list[str]:
    citations = tuple(dataclasses.replace(CITATIONS[0], article_id=article_id) for article_id in article_ids)
    return re.findall(r"@misc\{(.*),", as_bibtex(dataclasses.replace(ANSWER, citations=citations), {}))


@pytest.mark.parametrize(
    "ids", [("news/a", "news-a", "news_a"), ("дождь", "ветер"), ("Rain", "rain"), ("a b/c", "a/b c")], ids=lambda ids: ids[0]
)
def test_each_article_has_a_bibtex_key_of_its_own_in_every_export(ids: tuple[str, ...]):
    keys = bibtex_keys(*ids)
    assert len({key.lower() for key in keys}) == len(ids)
    assert all(re.fullmatch("[a-z0-9-]+", key) for key in keys)
    assert [bibtex_keys(article_id) for article_id in ids] == [[key] for key in keys]


def test_an_id_that_can_be_a_bibtex_key_is_one():
    assert bibtex_keys("india-us-defence-call") == ["india-us-defence-call"]


def test_links_lead_to_the_words_and_only_to_web_pages():
    assert as_link(ANSWER, ARTICLES).splitlines() == [
        "https://example.org/a_1#:~:text=It%20rained.",
        "https://example.org/a_1#:~:text=Then%20not.",
    ]
    assert as_link(ANSWER, {ARTICLE.article_id: Article("wire/a_1", "T", "x", url="javascript:alert(1)")}) == ""


def test_a_conversation_is_one_file_with_every_question():
    text = conversation_as_markdown("Weather", [ANSWER, ANSWER], ARTICLES)
    assert text.startswith("# Weather\n\n## Did it")
    assert text.count("## Did it") == 2
