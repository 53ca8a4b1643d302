from __future__ import annotations

import inspect
import re

import pytest

from assistant import errors
from assistant.errors import AssistantError

ALL: dict[str, type[AssistantError]] = {
    name: thing for name, thing in vars(errors).items() if inspect.isclass(thing) and issubclass(thing, Exception)
}
BAD_INPUT = {"SettingsError", "CorpusError", "IndexMissing", "IndexMismatch", "PromptError", "QuestionError", "GoldFormatError"}


def test_every_error_descends_from_one_and_stands_in_the_picture() -> None:
    assert all(issubclass(error, AssistantError) for error in ALL.values())
    drawn = re.findall(r"^[ │├└─]*(\w+Error|Index\w+|Model\w+|Generation\w+)\b", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_bad_input_exits_with_2_and_a_failure_with_1(name: str) -> None:
    assert ALL[name].exit_code == (2 if name in BAD_INPUT else 1)
