"""Turns texts into vectors with a sentence-transformers model, behind LangChain's `Embeddings`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from assistant.errors import ModelUnavailable
from assistant.models.precision import is_bfloat16_native
from assistant.models.query_encoder import QueryEncoder
from assistant.models.weights import MINILM
from assistant.settings import PACKAGED_EMBEDDER

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEmbeddings(Embeddings):
    """Vectors of unit length, so that their dot product is the cosine. Batches are ordered by length.

    Passages go through sentence-transformers, in bfloat16 on a CPU that computes in it natively, elsewhere in float32. Questions
    to the packaged model go through `QueryEncoder`, the same weights without sentence-transformers, which is then imported when
    the first passage comes.
    """

    def __init__(self, model: str = PACKAGED_EMBEDDER, *, threads: int = 0) -> None:
        """`model` is the packaged model's name, a local folder, or a hub id (which may be downloaded).

        `threads` is for passages; 0 means as many as torch takes.

        Raises:
            ModelUnavailable: there is no such model, or its weights are not the pinned ones.
        """
        self._model = model
        self._threads = threads
        self._loading = Lock()
        self._loaded: SentenceTransformer | None = None
        self._questions = QueryEncoder() if model == PACKAGED_EMBEDDER else None
        if self._questions is None:
            self._sentence_transformer()  # a name that leads nowhere is told at once

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per passage, shape (len(texts), dimensions)."""
        return self._encode(texts, self._threads) if texts else []

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, shape (dimensions,)."""
        return self._questions.encode(text) if self._questions else self._encode([text], threads=1)[0]

    def _encode(self, texts: list[str], threads: int) -> list[list[float]]:
        model = self._sentence_transformer()
        with _torch_threads(threads):
            vectors = model.encode(
                texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=False, device="cpu"
            )
        return [vector.float().tolist() for vector in vectors]

    def _sentence_transformer(self) -> SentenceTransformer:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(self._model)
            return self._loaded


def _load(model: str) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    packaged = model == PACKAGED_EMBEDDER
    path = str(MINILM.locate()) if packaged else model
    # Loading takes a second; its bar would land among the answers.
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            path,
            device="cpu",
            local_files_only=packaged or Path(path).is_dir(),
            model_kwargs={"dtype": torch.bfloat16 if is_bfloat16_native() else torch.float32},
        )
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The embedding model {model!r} cannot be loaded ({error}); give a local folder or a hub id that can be reached."
        ) from error


@contextmanager
def _torch_threads(count: int) -> Iterator[None]:
    """Lets torch compute on so many threads when called from this one; 0 leaves it as it is."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
