"""Opens the networks' files with onnxruntime, all in one way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import onnxruntime


def open_session(path: Path, *, without: Sequence[str] = ()) -> onnxruntime.InferenceSession:
    """A network that computes each text, or pair of texts, on one thread; several may be computed at a time.

    `without` names onnxruntime's optimisations that are left out.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_mem_pattern = False  # lengths vary: a plan per shape is made and never used again
    options.log_severity_level = 3
    # A processor without VNNI adds two products of 8 bits up in 16, where they overflow without a word unless this is set.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"], disabled_optimizers=list(without)
    )
