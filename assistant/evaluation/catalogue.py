"""Every measure of the report: its name, what it is called, which way is better, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["mean", "total", "confidence"]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure. kind: a mean over the rows it applies to, their total, or a statistic of the confidences of all rows."""

    name: str
    label: str
    definition: str
    better: Better = "higher"
    kind: Kind = "mean"


GROUPS: Mapping[str, tuple[Measure, ...]] = {
    "Retrieval": (
        Measure("hits@1", "Hits@1", "the first passage is from an article of the gold evidence"),
        Measure("hits@3", "Hits@3", "one of the first three passages is from an article of the gold evidence"),
        Measure("hits@5", "Hits@5", "the same of the first five"),
        Measure("hits@10", "Hits@10", "the same of the first ten"),
        Measure("mrr@10", "MRR@10", "mean reciprocal rank of the first such passage up to rank 10, 0 where there is none"),
        Measure(
            "ndcg@10",
            "nDCG@10",
            "normalised discounted cumulative gain; an article counts once, at its best passage (Järvelin and Kekäläinen 2002)",
        ),
        Measure("recall@5", "Recall@5", "share of the articles of the gold evidence that have a passage among the first five"),
        Measure(
            "all_evidence_recall@5",
            "All-evidence recall@5",
            "share of questions for which every article of the gold evidence has a passage among the first five",
        ),
        Measure(
            "quote_hits@5",
            "Quote hits@5",
            "one of the first five passages overlaps a gold quote (half of the shorter one); only where the gold set quotes",
        ),
        Measure("answer_in_context@4", "Answer in context@4", "the first four passages together contain an accepted answer"),
    ),
    "Answer": (
        Measure(
            "containment",
            "Containment",
            "the answer contains an accepted answer, all items of it where several things are asked for, as whole tokens, both "
            "normalised as in SQuAD; an abstention contains none",
        ),
        Measure("answer_tokens", "Answer length", "mean tokens of the answers given, markers aside", "neither"),
        Measure(
            "exact_match",
            "Exact match",
            "the short answer equals an accepted answer, normalised, its items joined by commas (Rajpurkar et al. 2016); none "
            "given is wrong",
        ),
        Measure("f1", "F1", "best token F1 of the short answer and an accepted answer, its items joined (Rajpurkar et al. 2016)"),
        Measure(
            "correct",
            "Correct",
            "over all questions: contains an accepted answer where there is one, abstains where there is none",
        ),
        Measure(
            "truthfulness",
            "Truthfulness",
            "CRAG's score: +1 correct, 0 abstained though answerable, -1 wrong or failed (Yang et al. 2024)",
        ),
    ),
    "Citations": (
        Measure(
            "quote_exactness", "Quote exactness", "share of a reply's citations whose quote is the article's text at its offsets"
        ),
        Measure(
            "dangling_markers",
            "Dangling markers",
            "total of the markers without a citation and the citations without a marker",
            "lower",
            "total",
        ),
        Measure(
            "citation_precision",
            "Citation precision",
            "share of an answer's citations that are exact and from an article of the gold evidence; over the answerable "
            "questions that were answered or failed",
        ),
        Measure(
            "citation_precision_strict",
            "Citation precision, strict",
            "the same, and the citation overlaps a gold quote of that article (half of the shorter one) where the set quotes",
        ),
        Measure(
            "citation_recall",
            "Citation recall",
            "an exact citation is from the gold evidence (multi-article questions: the share of its articles cited); over the "
            "answerable questions that were answered or failed",
        ),
        Measure(
            "citation_recall_strict",
            "Citation recall, strict",
            "the same, counting only citations that overlap a gold quote where the set quotes",
        ),
        Measure(
            "support_rate",
            "Support rate",
            "share of an answer's sentences that the verifier finds supported, by exact citations only: the citation recall of "
            "ALCE (Gao et al. 2023), the verifier being judge",
        ),
    ),
    "Abstention": (
        Measure("null_recall", "Null recall", "share of the unanswerable questions on which it abstains"),
        Measure(
            "false_abstention", "False abstention", "share of the answerable questions on which it abstains or fails", "lower"
        ),
        Measure(
            "auroc",
            "AUROC",
            "chance that an answerable question has more confidence than an unanswerable one (Hanley and McNeil 1982)",
            kind="confidence",
        ),
        Measure(
            "aurc",
            "AURC",
            "area under the risk-coverage curve of all questions by confidence, as if every one were answered; only an answer "
            "seen to contain an accepted one is right (Geifman and El-Yaniv 2017)",
            "lower",
            "confidence",
        ),
        Measure(
            "coverage@95",
            "Coverage at 95 % accuracy",
            "largest share of all questions, by confidence, of which at least 95 % are right as for AURC",
            kind="confidence",
        ),
        Measure(
            "ece",
            "Calibration error",
            "confidence against whether the question is answerable, all questions, ten bins (Naeini et al. 2015)",
            "lower",
            "confidence",
        ),
        Measure(
            "ece_answered",
            "Calibration, answered",
            "confidence against whether the answer is correct, the questions answered, ten bins",
            "lower",
            "confidence",
        ),
    ),
    "Chat model": (
        Measure("chat_written", "Written", "share of its answers that are not made of quotes alone", "neither"),
        Measure("chat_supported", "Supported", "total of the sentences shown that what they cite supports", "neither", "total"),
        Measure("chat_corrected", "Corrected", "total of those that another passage supports", "neither", "total"),
        Measure(
            "chat_removed", "Removed", "total of the sentences not shown, because no passage supports them", "neither", "total"
        ),
        Measure(
            "chat_unsupported_shown",
            "Unsupported shown",
            "total of the sentences shown that the verifier does not find supported by exact citations",
            "lower",
            "total",
        ),
        Measure("chat_input_tokens", "Tokens read", "mean tokens of the requests for an answer, as the model counts", "neither"),
        Measure("chat_output_tokens", "Tokens written", "mean tokens of the replies, as the model counts", "neither"),
        Measure(
            "first_sentence_added",
            "First sentence (ms)",
            "mean wait for the first sentence beyond search and model: choosing quotes, making the prompt, the first check",
            "lower",
        ),
    ),
    "Time and size": (
        Measure("elapsed_ms", "Time a question (ms)", "mean wall-clock time of the whole call", "lower"),
        Measure("context_tokens", "Context", "mean tokens of the first four passages", "neither"),
    ),
}
MEASURES: Mapping[str, Measure] = {measure.name: measure for group in GROUPS.values() for measure in group}
# What is measured question by question.
QUESTION_MEASURES = tuple(name for name, measure in MEASURES.items() if measure.kind != "confidence")
# What is also told by tag.
TAG_MEASURES = ("correct", "containment", "answer_tokens", "exact_match", "f1", "null_recall", "false_abstention")
