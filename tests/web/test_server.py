"""Starting: what goes wrong is one message and an exit code."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.web.server import free_port

APP = Path(__file__).parents[2] / "app.py"


def run_app(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, APP],
        cwd=folder,
        env={"PATH": "", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_free_port_is_found_and_a_taken_one_refused():
    port = free_port("127.0.0.1", 0)
    assert free_port("127.0.0.1", port) == port

    with socket.create_server(("127.0.0.1", port)), pytest.raises(SettingsError, match="ASSISTANT_PORT") as refused:
        free_port("127.0.0.1", port)
    assert str(port) in str(refused.value)


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("nowhere.invalid", "(Name or service not known|Temporary failure in name resolution)"),
        ("192.0.2.1", "Cannot assign requested address"),
    ],
)
def test_a_host_that_is_not_this_machine_is_refused_and_its_variable_named(host: str, reason: str):
    advice = r"Set ASSISTANT_HOST to an address of this machine, such as 127\.0\.0\.1\."
    with pytest.raises(SettingsError, match=rf"^Cannot listen on {host}:0: {reason}\. {advice}$"):
        free_port(host, 0)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"ASSISTANT_PROT": "1"}, "did you mean ASSISTANT_PORT?"),
        ({"ASSISTANT_PORT": "99999"}, "port"),
        ({"ASSISTANT_PORT": "0"}, "No corpus at 'corpus'; give a folder or a file of articles with ASSISTANT_CORPUS."),
    ],
)
def test_a_bad_start_is_one_message_and_exit_code_2(tmp_path: Path, environment: dict[str, str], words: str):
    done = run_app(tmp_path, **environment)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_app_is_short():
    assert len(APP.read_text().splitlines()) < 30
