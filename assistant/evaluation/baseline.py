"""A plain system beside ours: the retrieval chain of LangChain's RAG tutorial.

"Build a Retrieval Augmented Generation (RAG) App": `RecursiveCharacterTextSplitter` with chunks of 1,000 characters and an
overlap of 200, the same embedding model as ours, a vector store, and the four chunks most similar to the question. Here the
store is Chroma in memory. The chain has no answerer of its own that could run without a chat model, so it is only its
retrieval that is measured. It is asked the bare question: the tutorial's chain has no history.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.evaluation.gold import GoldExample
from assistant.evaluation.retrieval import AT_FOUR, rank_measures
from assistant.evaluation.rows import Row
from assistant.evaluation.runner import Progress
from assistant.evaluation.scores import CONTEXT_PASSAGES
from assistant.evaluation.text import contains_answer
from assistant.types import Article

_BATCH = 256
# Clients in one process share their memory, so every run needs a collection of its own.
_NUMBERS = itertools.count(1)


class BaselineRow(TypedDict):
    """One answerable question: the articles of the four chunks, best first, milliseconds of the search, measures by name."""

    id: str
    passages: list[str]
    elapsed_ms: float
    measures: dict[str, float]


class Beside(TypedDict):
    """A number of ours, the baseline's, and ours divided by the baseline's; None where it cannot be told."""

    ours: float | None
    baseline: float | None
    ratio: float | None


class TutorialChain:
    """Articles in an in-memory Chroma, cut and searched as in the tutorial."""

    def __init__(self, articles: Mapping[str, Article], embeddings: Embeddings, progress: Progress) -> None:
        """Cuts and embeds the articles, each with its title before its text."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        documents = [
            Document(page_content=f"{article.title}\n\n{article.text}", metadata={"article_id": article_id})
            for article_id, article in sorted(articles.items())
        ]
        chunks = splitter.split_documents(documents)
        self._store = Chroma(
            collection_name=f"rag-tutorial-{next(_NUMBERS)}",
            client=chromadb.EphemeralClient(settings=ChromaSettings(anonymized_telemetry=False)),
            embedding_function=embeddings,
        )
        for first in range(0, len(chunks), _BATCH):
            batch = chunks[first : first + _BATCH]
            self._store.add_documents(batch, ids=[str(first + offset) for offset in range(len(batch))])
            progress("Embedding for the baseline", first + len(batch), len(chunks))

    def search(self, question: str) -> list[tuple[str, str]]:
        """(article id, text) of the four chunks most similar to the question, best first."""
        found = self._store.similarity_search(question, k=CONTEXT_PASSAGES)
        return [(str(document.metadata["article_id"]), document.page_content) for document in found]

    def close(self) -> None:
        """Frees the memory."""
        self._store.delete_collection()


def run_baseline(
    articles: Mapping[str, Article],
    examples: Sequence[GoldExample],
    embeddings: Embeddings,
    count_tokens: Callable[[str], int],
    progress: Progress = lambda task, done, total: None,
) -> list[BaselineRow]:
    """One row for each answerable question; retrieval has no right answer on the others."""
    answerable = [example for example in examples if example.answerable]
    chain = TutorialChain(articles, embeddings, progress)
    rows = []
    for done, example in enumerate(answerable, start=1):
        began = time.perf_counter()
        passages = chain.search(example.question)
        elapsed_ms = (time.perf_counter() - began) * 1000
        rows.append(_row(example, passages, count_tokens, elapsed_ms))
        progress("Asking the baseline", done, len(answerable))
    chain.close()
    return rows


def beside(rows: Sequence[Row], baseline: Sequence[BaselineRow]) -> dict[str, Beside]:
    """Our means and the baseline's over the same questions, both with the four passages that the baseline has.

    `retrieval_ms` is a median: of ours the stages up to reading, of the baseline the whole search.

    Raises:
        KeyError: a row has times, but none of a stage that every question goes through.
    """
    ours = {row["id"]: row for row in rows}
    pairs = [(ours[row["id"]], row) for row in baseline if row["id"] in ours]
    at_four = [_at_four(row) for row, _ in pairs]
    found = {
        name: _beside([row.get(name) for row in at_four], [row["measures"][name] for _, row in pairs], np.mean)
        for name in (*AT_FOUR, "answer_in_context@4", "context_tokens")
    }
    times = [_retrieval_ms(row) for row, _ in pairs]
    return found | {"retrieval_ms": _beside(times, [row["elapsed_ms"] for _, row in pairs], np.median)}


def _row(
    example: GoldExample, passages: Sequence[tuple[str, str]], count_tokens: Callable[[str], int], elapsed_ms: float
) -> BaselineRow:
    article_ids = [article_id for article_id, _ in passages]
    measures = rank_measures(article_ids, dict.fromkeys((evidence.article_id for evidence in example.evidence), 1), AT_FOUR)
    measures["answer_in_context@4"] = float(contains_answer("\n\n".join(text for _, text in passages), example.answers))
    measures["context_tokens"] = float(sum(count_tokens(text) for _, text in passages))
    return {"id": example.id, "passages": article_ids, "elapsed_ms": elapsed_ms, "measures": measures}


def _at_four(row: Row) -> dict[str, float | None]:
    article_ids = [passage["article_id"] for passage in row["passages"][:CONTEXT_PASSAGES]]
    relevant = dict.fromkeys((evidence["article_id"] for evidence in row["evidence"]), 1)
    carried = {name: row["measures"][name] for name in ("answer_in_context@4", "context_tokens")}
    return {**rank_measures(article_ids, relevant, AT_FOUR), **carried}


def _retrieval_ms(row: Row) -> float | None:
    took = row["timings_ms"]
    if not took:
        return None
    # A follow-up that is answered from the article spoken of needs no search by words, and its passages no order.
    return took["embed"] + took["dense"] + took.get("lexical", 0.0) + took.get("late", 0.0) + took["read"]


def _beside(ours: Sequence[float | None], baseline: Sequence[float], middle: Callable[[list[float]], np.floating]) -> Beside:
    known = [value for value in ours if value is not None]
    mine = float(middle(known)) if known else None
    theirs = float(middle(list(baseline))) if baseline else None
    return {"ours": mine, "baseline": theirs, "ratio": mine / theirs if mine is not None and theirs else None}
