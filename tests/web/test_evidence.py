"""What the evidence pane says: the article's own words, marked at the offsets, and nothing that could run."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Article, Chunk, Citation, Difference, ScoredChunk, Sentence
from assistant.web.evidence import Library, Span, check_evidence_html, evidence_html, marked, text_fragment, web_link

ARTICLE = Article(
    article_id="pact",
    title="Pact signed",
    text="The pact was signed in Delhi. Nobody spoke.\n\nThe pact was signed in Delhi. It runs ten years.",
    source="The Daily",
    author="A. Writer",
    url="https://example.org/pact?a=1&b=2",
    published=date(2020, 10, 27),
)


class Page(HTMLParser):
    """Reads HTML as a browser would: the text, the marked words, the elements and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marks, self.tags = "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self.marks.append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.marks and len(self.marks) % 2:
            self.marks[-1] += data

    @property
    def marked(self) -> list[str]:
        return self.marks[::2]


def shown(answer: Answer, *articles: Article, turn: int = 0, carried_by: dict[str, tuple[str, ...]] | None = None) -> str:
    return evidence_html(answer, Library({article.article_id: article for article in articles}, carried_by or {}), turn)


def cite(article: Article, start: int, end: int, marker: int = 1) -> Citation:
    quote = article.text[start:end]
    return Citation(marker, article.article_id, article.title, article.source, article.published, quote, start, end, 1.0)


def answered(*citations: Citation, evidence: tuple[ScoredChunk, ...] = (), abstained: bool = False) -> Answer:
    sentences = tuple(Sentence(c.quote, "supported", (c,)) for c in citations)
    return Answer("Q?", "A", None, sentences, citations, evidence, abstained, None, 0.9, "Q?")


def chunk(article: Article, start: int, end: int) -> ScoredChunk:
    return ScoredChunk(Chunk("c", article.article_id, article.text[start:end], start, end), 1.0, 1, "reader")


def test_marks_the_place_that_was_quoted_and_not_the_same_words_elsewhere():
    start = ARTICLE.text.rindex("The pact")
    citation = cite(ARTICLE, start, start + 29)
    html = shown(answered(citation), ARTICLE, turn=3)
    assert Page(html).marked == ["The pact was signed in Delhi."]
    assert html.index("Nobody spoke") < html.index("<mark") < html.index("It runs ten years")
    assert 'data-turn="3"' in html


def test_the_whole_article_is_there_with_headline_outlet_date_author_and_link():
    page = Page(shown(answered(cite(ARTICLE, 0, 29)), ARTICLE))
    for words in ("Pact signed", "The Daily", "27 October 2020", "A. Writer", "Nobody spoke.", "It runs ten years."):
        assert words in page.text
    (link,) = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert link == "https://example.org/pact?a=1&b=2#:~:text=The%20pact%20was%20signed%20in%20Delhi."


def test_a_quote_over_two_paragraphs_is_marked_in_both():
    end = ARTICLE.text.index("Delhi. It")
    page = Page(shown(answered(cite(ARTICLE, 30, end)), ARTICLE))
    assert page.marked == ["Nobody spoke.", "The pact was signed in "]


def test_cited_articles_come_first_and_read_ones_after():
    other = Article("other", "Other news", "Something else.")
    answer = answered(cite(ARTICLE, 0, 29), evidence=(chunk(other, 0, 9), chunk(ARTICLE, 0, 29)))
    text = Page(shown(answer, ARTICLE, other)).text
    assert text.index("Pact signed") < text.index("Also read") < text.index("Other news")


def test_an_abstention_offers_the_nearest_passage_without_calling_it_a_quote():
    answer = answered(evidence=(chunk(ARTICLE, 0, 29),), abstained=True)
    page = Page(shown(answer, ARTICLE))
    assert "Nearest passage" in page.text
    assert page.marked == ["The pact was signed in Delhi."]
    assert all(attributes.get("class") == "near" for tag, attributes in page.tags if tag == "mark")


def test_the_nearest_passage_of_an_article_that_has_changed_is_shown_as_it_was_and_marks_nothing():
    answer = answered(evidence=(chunk(ARTICLE, 0, 29),), abstained=True)
    page = Page(shown(answer, Article("pact", "Pact signed", "The treaty was not signed. The pact was signed in Delhi.")))
    assert page.marked == []
    assert "Nearest passage" not in page.text
    assert "The pact was signed in Delhi." in page.text[page.text.index("Also read") :]


@pytest.mark.parametrize("now", [None, Article("pact", "Pact signed", "All rewritten.")])
def test_a_changed_or_vanished_article_is_never_marked_at_the_wrong_words(now):
    page = Page(shown(answered(cite(ARTICLE, 0, 29)), *([now] if now else [])))
    assert page.marked == ["The pact was signed in Delhi."]
    assert "has changed since" in page.text


def test_a_card_says_how_many_outlets_carried_the_article_where_it_was_more_than_one():
    answer = answered(cite(ARTICLE, 0, 29))
    two = shown(answer, ARTICLE, carried_by={"pact": ("The <Wire>",)})
    assert "Carried by 2 outlets: The Daily, The <Wire>" in Page(two).text
    assert "Carried by" not in shown(answer, ARTICLE, carried_by={"pact": ()})


def test_a_checked_text_marks_the_quote_and_in_it_the_words_that_differ():
    differing = Difference("Agra", 22, 26, "pact", "Delhi", 23, 28)
    sentence = Sentence("The pact was signed in Agra.", "contradicted", (cite(ARTICLE, 0, 29, 4),), (differing,))
    html = check_evidence_html([sentence], Library({"pact": ARTICLE}))
    assert Page(html).marked == ["The pact was signed in ", "Delhi", "."]
    assert '<mark class="differs" data-marker="4">Delhi</mark>' in html
    assert 'data-turn="check"' in html


def test_a_text_that_no_article_speaks_of_has_no_cards():
    page = Page(check_evidence_html([Sentence("It rained.", "not found", ())], Library({})))
    assert "No article speaks of this text." in page.text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_marking_keeps_every_character(text, pairs):
    text = text.replace("\r", "")
    spans = [
        Span(min(a, b), min(max(a, b), len(text)), n) for n, (a, b) in enumerate(pairs) if min(a, b) < min(max(a, b), len(text))
    ]
    page = Page(f"<p>{marked(text, 0, len(text), spans)}</p>")
    assert page.text == text
    assert {tag for tag, _ in page.tags} <= {"p", "mark"}


NASTY = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "'-window.pwned=1-'",
    "</mark></p></article><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "{{constructor.constructor('window.pwned=1')()}}",
    "${window.pwned=1}",
)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("field", ["title", "text", "source", "author", "url", "article_id"])
def test_nothing_from_an_article_becomes_markup(nasty, field):
    values = {"article_id": "a", "title": "T", "text": "Plain.", "source": "S", "author": "W", "url": "https://example.org"}
    article = Article(**{**values, field: nasty})
    usual = Page(shown(answered(cite(Article(**values), 0, 5)), Article(**values)))
    page = Page(shown(answered(cite(article, 0, 5)), article))
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in usual.tags}
    assert {name for _, attributes in page.tags for name in attributes} <= {n for _, attributes in usual.tags for n in attributes}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x.org",
        "http://[",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(url):
    assert web_link(url) is None
    assert text_fragment(url, "words") is None


def test_a_long_quote_is_linked_by_its_ends():
    quote = "one two three four five six seven eight nine ten eleven twelve thirteen-fourteen"
    assert text_fragment("https://example.org/#old", quote) == (
        "https://example.org/#:~:text=one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen%2Dfourteen"
    )


def test_the_pane_says_which_question_it_is_for():
    asked = Answer("Why <b>so</b>?", "A", None, (), (), (), False, None, 0.9, "Q?")
    page = Page(shown(asked))
    assert "Evidence for “Why <b>so</b>?”" in page.text
    assert "b" not in {tag for tag, _ in page.tags}
