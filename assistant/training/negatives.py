"""Hard negatives: what our own retriever ranks high for a question and that doesn't hold its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.engine import no_progress
from assistant.index.build import Progress
from assistant.index.documents import SearchDocument
from assistant.index.lexical import LexicalIndex
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.retrieval.fusion import reciprocal_rank_fusion
from assistant.retrieval.search import EVERYTHING
from assistant.settings import load_settings
from assistant.training.squad import Question

_KEPT = 4
_FOUND = 10
_AT_ONCE = 512


def mine(
    questions: Sequence[Question], passages: Sequence[str], folder: Path, progress: Progress = no_progress
) -> dict[str, list[str]]:
    """For each question's id up to four passages, hardest first: vectors and BM25, fused as for a reader's question.

    A passage that holds one of the accepted answers is no negative. Finished questions are kept in `folder` and not mined again.
    """
    kept = folder / "negatives.jsonl"
    done = _read(kept)
    wanted = [q for q in questions if q.question_id not in done]
    if wanted:
        settings = load_settings()
        embeddings = SentenceTransformerEmbeddings(settings.embedding_model)
        searched = folder / f"passages-{hashlib.sha256(json.dumps(passages).encode()).hexdigest()[:8]}"
        lexical = LexicalIndex(searched / "lexical")
        vectors = _passage_vectors(passages, embeddings, searched / "vectors.npy", progress)
        if not lexical.count():
            documents = [SearchDocument(f"{at:06}", passage, None, None) for at, passage in enumerate(passages)]
            lexical.apply(documents, ())
        with kept.open("a", encoding="utf-8") as file:
            for begin in range(0, len(wanted), _AT_ONCE):
                asked = wanted[begin : begin + _AT_ONCE]
                cosines = np.array(embeddings.embed_documents([q.text for q in asked]), dtype=np.float32) @ vectors.T
                for question, row in zip(asked, cosines, strict=True):
                    nearest = np.argpartition(-row, min(settings.dense_top_k, len(row) - 1))[: settings.dense_top_k]
                    dense = [f"{at:06}" for at in sorted(nearest.tolist(), key=lambda at: (-row[at], at))]
                    words = [found for found, _ in lexical.search(question.text, settings.lexical_top_k, EVERYTHING)]
                    fused = reciprocal_rank_fusion([dense, words], k=settings.rrf_k)
                    done[question.question_id] = _silent(question, [passages[int(i)] for i, _ in fused[:_FOUND]])
                    file.write(json.dumps([question.question_id, done[question.question_id]]) + "\n")
                progress("Mining negatives", begin + len(asked), len(wanted))
    return done


def _silent(question: Question, found: Sequence[str]) -> list[str]:
    answers = [question.passage[start:end].lower() for start, end in question.answers]
    return [p for p in found if p != question.passage and not any(answer in p.lower() for answer in answers)][:_KEPT]


def _passage_vectors(
    passages: Sequence[str], embeddings: SentenceTransformerEmbeddings, path: Path, progress: Progress
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    if path.exists():
        return np.asarray(np.load(path))
    rows: list[list[float]] = []
    for begin in range(0, len(passages), _AT_ONCE):
        rows += embeddings.embed_documents(list(passages[begin : begin + _AT_ONCE]))
        progress("Embedding passages", len(rows), len(passages))
    vectors = np.array(rows, dtype=np.float32)
    np.save(path, vectors)
    return vectors


def _read(path: Path) -> dict[str, list[str]]:
    """What an earlier run finished; a last line that a kill cut short is dropped."""
    if not path.exists():
        return {}
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end < len(whole):
        path.write_bytes(whole[:end])
    return dict(json.loads(line) for line in whole[:end].decode().splitlines())
