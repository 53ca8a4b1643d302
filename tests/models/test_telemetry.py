from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assistant.models import reader


def test_onnxruntime_reports_nothing_to_its_makers(tmp_path: Path) -> None:
    # What it would report, it notes under the home folder first.
    network = Path(reader.__file__).with_name("token_encoder.onnx")
    opened = f"from assistant.models.sessions import open_session; from pathlib import Path; open_session(Path({str(network)!r}))"
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", opened], check=True, env=environment | {"HOME": str(tmp_path)})
    assert list(tmp_path.rglob("*")) == []
