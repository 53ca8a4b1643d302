"""Turns a question into a vector with the packaged embedding model, on onnxruntime.

sentence-transformers takes five seconds to import, and gives up the interpreter at each of 150 operations; most starts have no
article to embed, and ask questions only. So the model's graph ships as a file of 0.1 MB without weights, and the weights are
taken from the same pinned file that sentence-transformers reads.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from assistant.models.weights import MINILM, verify_file

_GRAPH_FILE = "query_encoder.onnx"
_SHA256 = "a967ddbf14056049acbf0884f278928a5b3371e48c8e91bc8c185683bec873bd"
# Every weight that the graph has no use for.
_UNUSED = frozenset({"embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias"})
_MAX_TOKENS = 256  # as sentence-transformers cuts this model's texts
_KEPT = 256  # vectors of questions; one takes 12 KB


class QueryEncoder:
    """The packaged MiniLM-L6 in float32, on one thread: a question is too short to gain from more. Safe in several threads."""

    def __init__(self, graph: Path | None = None) -> None:
        """`graph` is another file than the packaged one.

        Raises:
            ModelUnavailable: the graph or the weights are missing or not the pinned ones.
        """
        folder = MINILM.locate()
        if graph is None:
            graph = Path(__file__).with_name(_GRAPH_FILE)
            verify_file(graph, _SHA256, "pip install --force-reinstall --no-deps news-assistant")
        weights = load_file(folder / "model.safetensors")
        names = [name for name in weights if name not in _UNUSED]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.add_external_initializers(names, [onnxruntime.OrtValue.ortvalue_from_numpy(weights[name]) for name in names])
        self._session = onnxruntime.InferenceSession(str(graph), sess_options=options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_TOKENS)
        self._tokenizer.no_padding()
        self._encoded = lru_cache(maxsize=_KEPT)(self._encode)

    def encode(self, text: str) -> list[float]:
        """The vector, of unit length, shape (384,)."""
        return list(self._encoded(text))

    def _encode(self, text: str) -> tuple[float, ...]:
        (vectors,) = self._session.run(["vector"], {"ids": np.array([self._tokenizer.encode(text).ids], dtype=np.int64)})
        return tuple(vectors[0].tolist())
