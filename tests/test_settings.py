from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings


def test_the_environment_sets_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHUNK_TOKENS", "120")
    monkeypatch.setenv("ASSISTANT_ABSTAIN_BELOW", "0.25")
    settings = load_settings()
    assert (settings.chunk_tokens, settings.abstain_below) == (120, 0.25)


def test_arguments_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHUNK_TOKENS", "120")
    assert load_settings(chunk_tokens=90).chunk_tokens == 90


def test_variables_of_others_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHUNK_TOKENS", "120")
    assert load_settings() == Settings()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", "")
    assert load_settings() == Settings()
    assert getattr(load_settings(), name) == Settings.model_fields[name].default


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ASSISTANT_CHUNK_TOKEN", "did you mean ASSISTANT_CHUNK_TOKENS?"),
        ("ASSISTANT_READER", "did you mean ASSISTANT_READER_MODEL?"),
        ("ASSISTANT_XYZZY", "see the settings table in the README"),
        ("ASSISTANT_SOMETHING_QUITE_DIFFERENT", "see the settings table in the README"),
    ],
)
def test_an_unknown_variable_is_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch, name: str, hint: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert repr(name) in str(caught.value)
    assert hint in str(caught.value)
    assert ("did you mean" in str(caught.value)) == ("did you mean" in hint)
    assert caught.value.exit_code == 2


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(SettingsError, match="chunk_size"):
        load_settings(chunk_size=100)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chunk_tokens", "many"),
        ("chunk_tokens", 5),
        ("chunk_overlap_tokens", -1),
        ("dense_top_k", 0),
        ("dense_top_k", 10_001),
        ("lexical_top_k", 1_000_000_000_000),
        ("rrf_k", 10_001),
        ("rerank_top_k", 10_001),
        ("evidence_top_k", 10_001),
        ("max_sentences", 0),
        ("abstain_below", 1.5),
        ("threads", -1),
        ("port", 70_000),
    ],
)
def test_an_unfit_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings(**{name: value})
    assert repr(value) in str(caught.value)
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", str(value))
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_an_overlap_of_more_than_half_a_chunk_is_refused() -> None:
    assert load_settings(chunk_tokens=60, chunk_overlap_tokens=30)
    with pytest.raises(SettingsError, match=r"chunk_overlap_tokens is 31, more than half of chunk_tokens \(60\)"):
        load_settings(chunk_tokens=60, chunk_overlap_tokens=31)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().chunk_tokens = 90


OTHER_VALUES: dict[str, object] = {
    "embedding_model": "models/other",
    "reader_model": "models/other",
    "encoding": "o200k_base",
    "chunk_tokens": 90,
    "chunk_overlap_tokens": 10,
    "dense_top_k": 7,
    "lexical_top_k": 7,
    "rrf_k": 7,
    "rerank_top_k": 7,
    "evidence_top_k": 7,
    "max_sentences": 2,
    "abstain_below": 0.1,
    "chat_model": "local:smollm2",
    "chat_base_url": "http://127.0.0.1:8080/v1",
    "chat_timeout_s": 5.0,
    "chat_retries": 0,
    "chat_concurrency": 1,
    "chat_context_tokens": 2048,
    "chat_max_tokens": 100,
    "chat_temperature": 0.5,
    "chat_cache": "replies.sqlite",
    "threads": 1,
    "host": "0.0.0.0",
    "port": 8000,
}
SHAPE_THE_INDEX = {"embedding_model", "encoding", "chunk_tokens", "chunk_overlap_tokens"}


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_the_fingerprint_changes_with_what_shapes_the_index_and_with_nothing_else(name: str) -> None:
    default, other = load_settings(), load_settings(**{name: OTHER_VALUES[name]})
    assert other != default
    assert (other.index_fingerprint() != default.index_fingerprint()) == (name in SHAPE_THE_INDEX)


def test_the_fingerprint_is_short_and_stable() -> None:
    assert load_settings().index_fingerprint() == load_settings().index_fingerprint()
    assert len(load_settings().index_fingerprint()) == 12
    assert set(load_settings().index_fingerprint()) <= set("0123456789abcdef")


def test_every_setting_is_explained() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_readme_lists_every_setting_with_its_default() -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^<!-- settings -->$(.*?)^<!-- /settings -->$", readme, re.MULTILINE | re.DOTALL)
    listed = re.findall(r"^\| `(\w+)` \| `(.*?)` \| .+ \|$", table, re.MULTILINE)
    assert listed == [(f"ASSISTANT_{name.upper()}", str(field.default)) for name, field in Settings.model_fields.items()]
