"""The tour in the README is run as it stands, in a folder that holds the corpus and `.venv`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from shipped import CORPUS

README = Path(__file__).parents[1] / "README.md"
_TOUR = re.compile(r"^<!-- tour -->$(?P<tour>.*?)^<!-- /tour -->$", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(?P<language>python|console)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


class Command(NamedTuple):
    """A line after `$ `, and the lines shown below it."""

    line: str
    shown: list[str]


def tour(text: str) -> tuple[list[str], list[Command]]:
    """The Python programs and the commands between the markers of a README."""
    programs: list[str] = []
    commands: list[Command] = []
    for found in _TOUR.finditer(text):
        for block in _BLOCK.finditer(found["tour"]):
            if block["language"] == "python":
                programs.append(block["code"])
                continue
            for line in block["code"].splitlines():
                if line.startswith("$ "):
                    commands.append(Command(line.removeprefix("$ "), []))
                elif line.strip():
                    commands[-1].shown.append(line.strip())
    return programs, commands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(CORPUS, folder / "corpus")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def run(command: list[str], folder: Path) -> str:
    """What the command prints, on both streams; it must succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_commands_of_the_tour_print_what_is_shown(folder: Path) -> None:
    _, commands = tour(README.read_text(encoding="utf-8"))
    assert commands
    for command in commands:
        printed = run(["bash", "-c", command.line], folder)
        for line in command.shown:
            assert line in printed, f"$ {command.line}"


def test_the_programs_of_the_tour_run(folder: Path) -> None:
    programs, _ = tour(README.read_text(encoding="utf-8"))
    assert programs
    for program in programs:
        run([".venv/bin/python", "-c", program], folder)


EXAMPLE = """\
```console
$ rm -rf /
```
<!-- tour -->
Ask:
```console
$ assistant ask "Why?"
Because.
  [1] A title

$ assistant --version
```
```python
print(1)
```
```json
{}
```
<!-- /tour -->
```python
never()
```
"""


def test_the_tour_is_what_stands_between_the_markers() -> None:
    assert tour(EXAMPLE) == (
        ["print(1)\n"],
        [Command('assistant ask "Why?"', ["Because.", "[1] A title"]), Command("assistant --version", [])],
    )
