"""Turns texts into vectors with a sentence-transformers model, behind LangChain's `Embeddings`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from langchain_core.embeddings import Embeddings
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from assistant.errors import ModelUnavailable
from assistant.models.weights import MINILM
from assistant.settings import PACKAGED_EMBEDDER


class SentenceTransformerEmbeddings(Embeddings):
    """Vectors of unit length, so that their dot product is the cosine. Batches are ordered by length.

    Runs in bfloat16 on a CPU that computes in it natively, elsewhere in float32. A question is embedded on one thread: it is
    too short to gain from more, and where others compute too, threads that wait for each other take thirty times as long.
    """

    def __init__(self, model: str = PACKAGED_EMBEDDER, *, threads: int = 0) -> None:
        """`model` is the packaged model's name, a local folder, or a hub id (which may be downloaded).

        `threads` is for passages; 0 means as many as torch takes.

        Raises:
            ModelUnavailable: there is no such model, or its weights are not the pinned ones.
        """
        self._threads = threads or torch.get_num_threads()
        packaged = model == PACKAGED_EMBEDDER
        path = str(MINILM.locate()) if packaged else model
        local = packaged or Path(path).is_dir()
        # Loading takes a second; its bar would land among the answers.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        native_bfloat16 = torch.cpu._is_avx512_bf16_supported()
        try:
            self._model = SentenceTransformer(
                path,
                device="cpu",
                local_files_only=local,
                model_kwargs={"dtype": torch.bfloat16 if native_bfloat16 else torch.float32},
            )
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The embedding model {model!r} cannot be loaded ({error}); give a local folder or a hub id that can be reached."
            ) from error

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per passage, shape (len(texts), dimensions)."""
        with _torch_threads(self._threads):
            return self._encode(texts)

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, shape (dimensions,)."""
        with _torch_threads(1):
            return self._encode([text])[0]

    def _encode(self, texts: list[str]) -> list[list[float]]:
        vectors = self._model.encode(
            texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=False, device="cpu"
        )
        return [vector.float().tolist() for vector in vectors]


@contextmanager
def _torch_threads(count: int) -> Iterator[None]:
    """Lets torch compute on so many threads when called from this one."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
