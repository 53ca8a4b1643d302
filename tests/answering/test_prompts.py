from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.generative import ANSWER_VARIABLES
from assistant.answering.prompts import load_prompt, prompts_folder
from assistant.answering.rewriting import CONDENSE_VARIABLES
from assistant.errors import PromptError

GOOD = "---\nvariables: [name, day]\n---\n## system\nBe kind to {{name}}.\n\n## user\nIt is {{ day }}, {{name}}.\n"


@pytest.fixture
def write(tmp_path: Path) -> Path:
    (tmp_path / "good.md").write_text(GOOD, encoding="utf-8")
    return tmp_path


NAMES = frozenset({"name", "day"})


def test_values_take_the_places_of_the_variables(write: Path) -> None:
    prompt = load_prompt("good", NAMES, write)
    assert prompt.render({"name": "Ann", "day": "Monday"}) == (("system", "Be kind to Ann."), ("user", "It is Monday, Ann."))


def test_a_value_is_never_read_as_a_template(write: Path) -> None:
    prompt = load_prompt("good", NAMES, write)
    ((_, system), (_, user)) = prompt.render({"name": "{{day}}", "day": r"\1 {{name}} {x}"})
    assert system == "Be kind to {{day}}."
    assert user == r"It is \1 {{name}} {x}, {{day}}."


def test_the_instructions_are_the_system_message_alone(write: Path) -> None:
    assert load_prompt("good", NAMES, write).instructions.split() == ["Be", "kind", "to", "."]


@pytest.mark.parametrize("values", [{"name": "Ann"}, {"name": "Ann", "day": "Monday", "hour": "six"}])
def test_every_variable_has_one_value(write: Path, values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match=r"good\.md: .*('day'|'hour')"):
        load_prompt("good", NAMES, write).render(values)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hello", r"line 1: no front matter"),
        ("---\nvariables: [name, day\n---\n## user\n{{name}}", r"line 2: the front matter is not YAML"),
        ("---\nvariables: name\n---\n## user\n{{name}}", r"line 2: write the variables as a list"),
        (
            "---\nother: 1\nvariables: [name, day, hour]\n---\n## user\n{{name}}",
            r"line 3: unknown variable 'hour'; known are day, name",
        ),
        ("---\nvariables: [name]\n---\n## user\n{{name}}", r"line 2: the variable 'day' is missing"),
        (GOOD + "{{dya}}", r"line 9: '\{\{dya\}\}' is not declared; known are day, name"),
        (
            "---\nvariables: [name, day]\n---\n## user\n{{name}}",
            r"line 2: the variable 'day' is declared but not used; write \{\{day\}\}",
        ),
        ("---\nvariables: [name, day]\n---\n{{name}} {{day}}", r"line 4: no message"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "bad.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=rf"bad\.md, {told}"):
        load_prompt("bad", NAMES, tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"none\.md: cannot be read"):
        load_prompt("none", NAMES, tmp_path)


@pytest.mark.parametrize(
    ("name", "variables"),
    [("answer", ANSWER_VARIABLES), ("condense", CONDENSE_VARIABLES)],
)
def test_the_prompts_of_the_project_are_sound(name: str, variables: frozenset[str]) -> None:
    prompt = load_prompt(name, variables)
    assert [role for role, _ in prompt.messages] == ["system", "user"]
    assert prompt.path.parent == prompts_folder()
