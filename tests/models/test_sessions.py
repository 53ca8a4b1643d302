from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from assistant.models.sessions import open_session

ROWS, INNER, COLUMNS = 3, 64, 16


def layer(folder: Path, weights: NDArray[np.int8]) -> Path:
    """A linear layer as the packaged networks have them: activations made 8-bit when they come, weights kept so."""
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["given"], ["bytes", "scale", "zero"]),
        helper.make_node("MatMulInteger", ["bytes", "weights", "zero"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["number"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["number", "scale"], ["result"]),
    ]
    graph = helper.make_graph(
        nodes,
        "layer",
        [helper.make_tensor_value_info("given", TensorProto.FLOAT, ["rows", INNER])],
        [helper.make_tensor_value_info("result", TensorProto.FLOAT, ["rows", COLUMNS])],
        [numpy_helper.from_array(weights, "weights")],
    )
    file = folder / "layer.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), file)
    return file


def test_the_greatest_products_do_not_overflow(tmp_path: Path) -> None:
    given = np.full((ROWS, INNER), 255, dtype=np.float32)
    given[:, -1] = 0  # so that the bytes are 0 to 255 and their scale is 1
    (result,) = open_session(layer(tmp_path, np.full((INNER, COLUMNS), 127, dtype=np.int8))).run(None, {"given": given})
    assert np.array_equal(result, np.full((ROWS, COLUMNS), 255.0 * 127 * (INNER - 1)))


@given(
    weights=arrays(np.int8, (INNER, COLUMNS), elements=st.integers(-128, 127)),
    whole=arrays(np.uint8, (ROWS, INNER), elements=st.integers(0, 255)),
)
def test_a_layer_gives_what_whole_numbers_give(weights: NDArray[np.int8], whole: NDArray[np.uint8]) -> None:
    whole[:, 0], whole[:, 1] = 0, 255  # as above
    with TemporaryDirectory() as folder:
        (result,) = open_session(layer(Path(folder), weights)).run(None, {"given": whole.astype(np.float32)})
    assert np.array_equal(result, whole.astype(np.int64) @ weights.astype(np.int64))
