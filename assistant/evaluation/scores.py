"""The measures of one question, by name; None, or no entry, where a measure does not apply. `catalogue` says what each means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.evaluation import citations as cited
from assistant.evaluation import retrieval, text
from assistant.evaluation.chat import chat_measures
from assistant.evaluation.gold import GoldEvidence, GoldExample
from assistant.types import Answer, Article, ScoredChunk

# nDCG@10 and MRR@10 look at ten passages; four is what is compared with a chain that reads four.
PASSAGES_KEPT = 10
CONTEXT_PASSAGES = 4


def reply_scores(
    example: GoldExample,
    answer: Answer,
    checked: list[cited.CheckedCitation],
    articles: Mapping[str, Article],
    count_tokens: Callable[[str], int],
) -> dict[str, float | None]:
    """The measures of a reply, an abstention included. `checked` are the checks of `citations.all_citations`."""
    context = sum(count_tokens(scored.chunk.text) for scored in answer.evidence[:CONTEXT_PASSAGES])
    return {
        **_retrieval_scores(example, answer.evidence, articles),
        **_answer_scores(example, answer, count_tokens),
        **_citation_scores(example, answer, checked),
        **chat_measures(answer, checked),
        "context_tokens": float(context),
    }


def failure_scores(example: GoldExample) -> dict[str, float | None]:
    """The measures of a question that got no reply.

    Each that applies has its worst value: where abstaining is right it did not abstain, where an answer is known it gave none.
    Of the measures of citations only those against the gold evidence apply: there is no answer whose quotes, markers or
    sentences could be judged.
    """
    if not example.answerable:
        return {"correct": 0.0, "truthfulness": -1.0, "null_recall": 0.0}
    return {
        **_retrieval_scores(example, (), {}),
        **dict.fromkeys(("correct", "containment", "exact_match", "f1"), 0.0),
        **cited.gold_citation_measures(example, []),
        "false_abstention": 1.0,
        "truthfulness": -1.0,
    }


def _answer_scores(example: GoldExample, answer: Answer, count_tokens: Callable[[str], int]) -> dict[str, float | None]:
    answered = not answer.abstained
    tokens = float(count_tokens(text.strip_markers(answer.text).strip())) if answered else None
    if not example.answerable:
        return {
            "correct": float(answer.abstained),
            "truthfulness": 1.0 if answer.abstained else -1.0,
            "null_recall": float(answer.abstained),
            "answer_tokens": tokens,
        }
    right = answered and text.contains_answer(answer.text, example.answers)
    short = answer.short_answer or "" if answered else ""
    accepted = [each.short for each in example.answers]
    return {
        "correct": float(right),
        "truthfulness": 1.0 if right else -1.0 if answered else 0.0,
        "containment": float(right),
        "exact_match": text.exact_match(short, accepted),
        "f1": text.token_f1(short, accepted),
        "false_abstention": float(answer.abstained),
        "answer_tokens": tokens,
    }


def _citation_scores(example: GoldExample, answer: Answer, checked: list[cited.CheckedCitation]) -> dict[str, float | None]:
    measures: dict[str, float | None] = {
        "quote_exactness": cited.quote_exactness(checked),
        "dangling_markers": float(cited.dangling_markers(answer)),
    }
    if not answer.abstained:
        measures["support_rate"] = cited.support_rate(answer, checked)
        if example.answerable:
            measures |= cited.gold_citation_measures(example, checked)
    return measures


def _retrieval_scores(
    example: GoldExample, passages: Sequence[ScoredChunk], articles: Mapping[str, Article]
) -> dict[str, float | None]:
    if not example.answerable:
        return {}
    article_ids = [scored.chunk.article_id for scored in passages[:PASSAGES_KEPT]]
    relevant = dict.fromkeys((evidence.article_id for evidence in example.evidence), 1)
    measures: dict[str, float | None] = dict(retrieval.rank_measures(article_ids, relevant))
    measures["all_evidence_recall@5"] = retrieval.all_found(article_ids, relevant.keys(), 5)
    context = "\n\n".join(_words(scored, articles) for scored in passages[:CONTEXT_PASSAGES])
    measures["answer_in_context@4"] = float(text.contains_answer(context, example.answers))
    if any(evidence.quote for evidence in example.evidence):
        measures["quote_hits@5"] = float(any(_holds_quote(scored, example.evidence, articles) for scored in passages[:5]))
    return measures


def _words(scored: ScoredChunk, articles: Mapping[str, Article]) -> str:
    # The article's own words, whatever text the passage came with.
    article = articles.get(scored.chunk.article_id)
    return article.text[scored.chunk.start : scored.chunk.end] if article else ""


def _holds_quote(scored: ScoredChunk, evidence: Sequence[GoldEvidence], articles: Mapping[str, Article]) -> bool:
    chunk = scored.chunk
    quotes: list[str | None] = [item.quote for item in evidence if item.article_id == chunk.article_id and item.quote]
    return bool(quotes) and cited.hits_a_quote(articles[chunk.article_id].text, (chunk.start, chunk.end), quotes)
