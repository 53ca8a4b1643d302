"""Writes the network of `models/token_encoder.py`: `python -m assistant.training.token_graph FILE`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import typer
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from assistant.index.documents import search_text
from assistant.models.token_encoder import DIMENSIONS, bert_tokenizer
from assistant.models.weights import COLBERT, sha256_of
from assistant.training.stories import read_stories

_HIDDEN = "last_hidden_state"
_PASSAGES = 400  # some 50,000 tokens


def write_token_graph(path: Path, passages: Iterable[str]) -> str:
    """Writes answerai-colbert-small with a projection of its own behind it; gives the file's SHA-256.

    The published one isn't in the package. In its place are the axes along which the tokens of some passages are longest
    (uncentred principal components), which keep dot products as they are as far as so many numbers can.
    """
    model = onnx.load(str(COLBERT.locate() / "model.onnx"))
    axes = _axes(model, passages)
    graph = model.graph
    _without_other_inputs(graph)
    graph.initializer.append(numpy_helper.from_array(axes, "axes"))
    graph.node.append(helper.make_node("MatMul", [_HIDDEN, "axes"], ["projected"]))
    graph.node.append(helper.make_node("LpNormalization", ["projected"], ["vectors"], axis=-1, p=2))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", "tokens", DIMENSIONS]))
    _without_idle_nodes(graph)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
    return sha256_of(path)


def _axes(model: onnx.ModelProto, passages: Iterable[str]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = bert_tokenizer()

    def products(passage: str) -> NDArray[np.float64]:
        ids = np.array([tokenizer.encode(passage).ids])
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (hidden,) = session.run([_HIDDEN], fed)
        tokens: NDArray[np.float64] = hidden[0].astype(np.float64)
        tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        return tokens.T @ tokens

    _, vectors = np.linalg.eigh(sum(map(products, passages)))  # from the shortest axis to the longest
    return np.ascontiguousarray(vectors[:, ::-1][:, :DIMENSIONS], dtype=np.float32)


def _without_other_inputs(graph: onnx.GraphProto) -> None:
    """A text is a pass: nothing is padding, and all is one segment."""
    (ids,) = (each for each in graph.input if each.name == "input_ids")
    del graph.input[:]
    graph.input.append(ids)
    graph.initializer.append(numpy_helper.from_array(np.array(1, dtype=np.int64), "one"))
    graph.node.insert(0, helper.make_node("Sub", ["input_ids", "input_ids"], ["token_type_ids"]))
    graph.node.insert(1, helper.make_node("Add", ["token_type_ids", "one"], ["attention_mask"]))


def _without_idle_nodes(graph: onnx.GraphProto) -> None:
    """Drops what no output needs, such as the pooler, and its weights."""
    needed = {output.name for output in graph.output}
    kept = []
    for node in reversed(graph.node):
        if needed & set(node.output):
            needed |= set(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    weights = [weight for weight in graph.initializer if weight.name in needed]
    del graph.initializer[:]
    graph.initializer.extend(weights)


def passages_of_stories() -> list[str]:
    """Passages of invented news under their titles, spread evenly over the stories."""
    passages = list(dict.fromkeys(search_text(question.title, question.passage) for question in read_stories().questions))
    return passages[:: max(1, len(passages) // _PASSAGES)][:_PASSAGES]


def main(file: Path) -> None:
    """Writes the network into a file."""
    print(write_token_graph(file, passages_of_stories()))


if __name__ == "__main__":
    typer.run(main)
