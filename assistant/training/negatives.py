"""Hard negatives: what our own retriever finds for a question besides the passage that answers it, and the teacher's scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import no_progress
from assistant.index.build import Index, Progress, build_index
from assistant.models.embedder import SentenceTransformerEmbeddings
from assistant.models.reader import Scorer
from assistant.models.tokens import token_counter
from assistant.retrieval.retriever import EVERYTHING, HybridSearch, Stopwatch
from assistant.settings import load_settings
from assistant.training.squad import Question
from assistant.types import Article

_KEPT = 4
_FOUND = 10
_TEACHER_READS_EVERY = 3  # of the questions: its passes cost more than the search does


@dataclass(frozen=True, slots=True)
class Mined:
    """Passages that a question finds and that don't hold its answer, best first.

    `relevance` and `negative_relevance` are the teacher's logits for the question's own passage and for the first negative;
    None where the teacher was not asked.
    """

    question_id: str
    negatives: tuple[str, ...]
    relevance: float | None
    negative_relevance: float | None


def mine(
    questions: Sequence[Question], passages: Sequence[str], teacher: Scorer, folder: Path, progress: Progress = no_progress
) -> dict[str, Mined]:
    """Hard negatives for each question, by question id. Finished questions are kept in `folder` and not mined again.

    A passage that holds one of the accepted answers is no negative.
    """
    kept = folder / "negatives.jsonl"
    done = _read(kept)
    wanted = [q for q in questions if q.question_id not in done]
    if wanted:
        settings = load_settings(rerank_top_k=_FOUND)
        embeddings = SentenceTransformerEmbeddings(settings.embedding_model)
        articles = [Article(f"p{number:06}", "", passage) for number, passage in enumerate(passages)]
        texts = {article.article_id: article.text for article in articles}
        index = Index(folder / "index", settings, embeddings)
        try:
            build_index(index, articles, settings, token_counter(settings.encoding), progress)
            search = HybridSearch(index, embeddings, settings)
            with kept.open("a", encoding="utf-8") as file:
                for number, question in enumerate(wanted):
                    chunks, _ = search.search(question.text, EVERYTHING, Stopwatch())
                    found = [texts[chunk.article_id] for chunk in chunks]
                    mined = _mined(question, list(dict.fromkeys(found)), teacher if number % _TEACHER_READS_EVERY == 0 else None)
                    done[question.question_id] = mined
                    file.write(json.dumps([mined.question_id, mined.negatives, mined.relevance, mined.negative_relevance]) + "\n")
                    progress("Mining negatives", number + 1, len(wanted))
        finally:
            index.close()
    return done


def _mined(question: Question, found: list[str], teacher: Scorer | None) -> Mined:
    answers = [question.passage[start:end].lower() for start, end in question.answers]
    negatives = [p for p in found if p != question.passage and not any(answer in p.lower() for answer in answers)][:_KEPT]
    read = [question.passage, *negatives[:1]] if teacher else []
    scores = [float(score) for score in teacher.score([(question.text, p) for p in read])] if teacher else []
    return Mined(
        question.question_id,
        tuple(negatives),
        scores[0] if scores else None,
        scores[1] if len(scores) > 1 else None,
    )


def _read(path: Path) -> dict[str, Mined]:
    """What an earlier run finished; a last line that a kill cut short is dropped."""
    if not path.exists():
        return {}
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end < len(whole):
        path.write_bytes(whole[:end])
    rows = [json.loads(line) for line in whole[:end].decode().splitlines()]
    return {row[0]: Mined(row[0], tuple(row[1]), row[2], row[3]) for row in rows}
