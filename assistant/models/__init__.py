"""The models and the weights they come with."""

from __future__ import annotations

import os

# onnxruntime reports its use to its makers unless it is told not to before it is imported; nothing here leaves the machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
