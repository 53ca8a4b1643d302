"""The prompts: one Markdown file each, with its variables declared at the top and checked when it is loaded.

A file has a front matter with `variables: [...]`, then the messages, each under a heading with its role (`## system`, `## user`).
`{{name}}` stands for a variable. Values are put in once and never read again: a value that holds `{{question}}` stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.errors import PromptError

_PLACEHOLDER = re.compile(r"\{\{\s*(?P<name>[^{}]*?)\s*\}\}")
_HEADING = re.compile(r"^## (?P<role>system|user|assistant)[ \t]*$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?)^---\n", re.MULTILINE | re.DOTALL)

Message = tuple[str, str]  # role, text


@dataclass(frozen=True)
class Prompt:
    """A checked template. `variables` are exactly the names that its messages use."""

    path: Path
    variables: frozenset[str]
    messages: tuple[Message, ...]

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages with the values in their places.

        Raises:
            PromptError: a variable has no value, or a value has no variable.
        """
        if missing := sorted(self.variables - values.keys()):
            raise PromptError(f"{self.path}: no value for {', '.join(map(repr, missing))}; give one for each variable.")
        if unknown := sorted(values.keys() - self.variables):
            raise PromptError(
                f"{self.path}: {', '.join(map(repr, unknown))} is not a variable of this prompt; declare and use it."
            )
        return tuple((role, _PLACEHOLDER.sub(lambda found: values[found["name"]], text)) for role, text in self.messages)

    @property
    def instructions(self) -> str:
        """The words of the system message without its variables: what no answer may repeat."""
        return " ".join(_PLACEHOLDER.sub(" ", text) for role, text in self.messages if role == "system")


def prompts_folder() -> Path:
    """Where the prompts lie: inside an installed package, or beside `assistant/` in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


def load_prompt(name: str, variables: frozenset[str], folder: Path | None = None) -> Prompt:
    """Reads `<folder>/<name>.md` and checks that it declares and uses exactly the `variables` that the code fills in.

    Raises:
        PromptError: the file is missing or malformed, or a variable is unknown, undeclared, unused or missing; the message
            has the file and the line.
    """
    path = (folder or prompts_folder()) / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path}: cannot be read ({error}); put the prompt there, in UTF-8.") from error
    head = _FRONT_MATTER.match(text)
    if head is None:
        raise PromptError(f"{path}, line 1: no front matter; begin with ---, a line `variables: [...]`, and ---.")
    declared = _declared(path, head["head"])
    where = next((n for n, line in enumerate(text.split("\n"), start=1) if line.startswith("variables")), 2)
    for unknown in sorted(declared - variables):
        raise PromptError(f"{path}, line {where}: unknown variable {unknown!r}; known are {', '.join(sorted(variables))}.")
    for missing in sorted(variables - declared):
        raise PromptError(f"{path}, line {where}: the variable {missing!r} is missing; declare it and use it.")
    used = set()
    for found in _PLACEHOLDER.finditer(text, head.end()):
        if found["name"] not in declared:
            line = text.count("\n", 0, found.start()) + 1
            raise PromptError(f"{path}, line {line}: {found[0]!r} is not declared; known are {', '.join(sorted(declared))}.")
        used.add(found["name"])
    for unused in sorted(declared - used):
        raise PromptError(
            f"{path}, line {where}: the variable {unused!r} is declared but not used; write {{{{{unused}}}}} in it."
        )
    return Prompt(path, frozenset(declared), _messages(path, text, head.end()))


def _declared(path: Path, head: str) -> set[str]:
    try:
        values = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise PromptError(f"{path}, line 2: the front matter is not YAML ({error}).") from error
    names = values.get("variables") if isinstance(values, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise PromptError(f"{path}, line 2: write the variables as a list of names, `variables: [question, sources]`.")
    return set(names)


def _messages(path: Path, text: str, start: int) -> tuple[Message, ...]:
    headings = list(_HEADING.finditer(text, start))
    if not headings:
        line = text.count("\n", 0, start) + 1
        raise PromptError(f"{path}, line {line}: no message; write its role as a heading, `## system` or `## user`.")
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return tuple((h["role"], text[h.end() : end].strip()) for h, end in zip(headings, ends, strict=True))
