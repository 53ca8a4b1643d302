"""The wrong answers of a report as HTML: question, expected, given and evidence side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation.markup import Html, tag
from assistant.evaluation.rows import CitationRow, PassageRow, Row
from assistant.types import Article

_PASSAGES_SHOWN = 3
_KINDS = (
    "Failed",
    "Answered, but the articles do not answer it",
    "Abstained, but the articles answer it",
    "Answered without an accepted answer",
)


def mistakes(rows: Sequence[Row], articles: Mapping[str, Article]) -> Html:
    """Every row that is not correct, by the kind of mistake, in the order of the rows."""
    wrong = [row for row in rows if row["measures"]["correct"] != 1.0]
    sections = []
    for kind in _KINDS:
        members = [row for row in wrong if kind_of(row) == kind]
        if members:
            heading = tag("summary", f"{kind} ({len(members)})")
            sections.append(tag("details", heading, *(_mistake(row, articles) for row in members), open="open"))
    return tag("section", tag("h2", f"Wrong answers ({len(wrong)} of {len(rows)})"), *sections, id="wrong")


def kind_of(row: Row) -> str:
    """What went wrong with a row that is not correct."""
    if row["error"] is not None:
        return _KINDS[0]
    if not row["answerable"]:
        return _KINDS[1]
    return _KINDS[2] if row["abstained"] else _KINDS[3]


def _mistake(row: Row, articles: Mapping[str, Article]) -> Html:
    about = ", ".join([row["id"], row["split"], *row["tags"]])
    head = [tag("p", f"{turn['role']}: {turn['content']}", class_="turn") for turn in row["history"]]
    if row["searched_for"] != row["question"]:
        head.append(tag("p", f"Searched for: {row['searched_for']}", class_="turn"))
    columns = (_expected(row, articles), _given(row, articles), _read(row, articles))
    title = tag("h3", row["question"], " ", tag("small", about))
    return tag("article", *head, title, tag("div", *columns, class_="columns"), id=f"q-{row['id']}")


def _expected(row: Row, articles: Mapping[str, Article]) -> Html:
    parts = [tag("p", answer, class_="expected") for answer in row["expected"]]
    if not row["answerable"]:
        parts = [tag("p", "No answer: the articles do not say.", class_="expected")]
    for evidence in row["evidence"]:
        quote = tag("blockquote", evidence["quote"]) if evidence["quote"] else None
        parts.append(tag("div", tag("cite", _title(evidence["article_id"], articles)), quote))
    return tag("div", tag("h4", "Expected"), *parts)


def _given(row: Row, articles: Mapping[str, Article]) -> Html:
    if row["error"] is not None:
        return tag("div", tag("h4", "Given"), tag("p", row["error"], class_="bad"))
    facts = [("confidence", f"{row['confidence']:.3f}"), ("short answer", row["short_answer"]), ("reason", row["reason"])]
    notes = [tag("p", f"{name}: {value}", class_="note") for name, value in facts if value]
    quotes = [_citation(citation, row["answerable"], articles) for citation in row["citations"]]
    heading = "Given: an abstention" if row["abstained"] else "Given"
    return tag("div", tag("h4", heading), tag("p", row["given"]), *notes, *quotes)


def _citation(citation: CitationRow, answerable: bool, articles: Mapping[str, Article]) -> Html:
    verdict: Html | None
    if not citation["exact"]:
        verdict = tag("b", "not the article's words", class_="bad")
    elif not answerable:
        verdict = None
    elif citation["gold_quote"]:
        verdict = tag("b", "gold evidence", class_="good")
    else:
        verdict = tag("b", "gold article, other words" if citation["gold_article"] else "not the gold evidence", class_="bad")
    source = tag("cite", f"[{citation['marker']}] {_title(citation['article_id'], articles)}")
    return tag("div", source, " ", verdict, tag("blockquote", citation["quote"]))


def _read(row: Row, articles: Mapping[str, Article]) -> Html:
    wanted = {evidence["article_id"] for evidence in row["evidence"]}
    passages = [
        _passage(rank, passage, passage["article_id"] in wanted, articles)
        for rank, passage in enumerate(row["passages"][:_PASSAGES_SHOWN], start=1)
    ]
    return tag("div", tag("h4", "Evidence read"), *(passages or [tag("p", "None.")]))


def _passage(rank: int, passage: PassageRow, wanted: bool, articles: Mapping[str, Article]) -> Html:
    article = articles.get(passage["article_id"])
    words = article.text[passage["start"] : passage["end"]] if article else "The corpus has no such article."
    source = tag("cite", f"{rank}. {_title(passage['article_id'], articles)}")
    return tag("div", source, " ", tag("b", "gold article", class_="good") if wanted else None, tag("blockquote", words))


def _title(article_id: str, articles: Mapping[str, Article]) -> str:
    article = articles.get(article_id)
    return f"{article.title} ({article_id})" if article else article_id
