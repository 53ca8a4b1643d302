from __future__ import annotations

import logging
import sys

import pytest
from faulty_server import REPLY, FaultyServer

from assistant.errors import ModelUnavailable, SettingsError
from assistant.models.chat_client import ChatClient
from assistant.models.chat_model import load_chat_model
from assistant.models.chat_setup import chat_client
from assistant.models.scripted import ScriptedChatModel
from assistant.settings import load_settings

KEY = "sk-very-secret"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", ["gpt-4o-mini", ":x", "openai:", ""])
def test_a_name_without_a_provider_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="write provider:model"):
        load_chat_model(name)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8080",
        "ftp://host/v1",
        "http://",
        "file:///etc/passwd",
        "http://[::1:8080/v1",
        "http://127.0.0.1:80a/v1",
        "http://127.0.0.1:99999/v1",
    ],
)
def test_an_address_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="not an http or https address"):
        load_chat_model("openai:x", url)


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="holds a user name or a password") as caught:
        load_chat_model("openai:x", f"https://me:{KEY}@host/v1")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("ollama:llama3.2", r"pip install 'news-assistant\[ollama\]'"),
        ("anthropic:claude", r"pip install 'news-assistant\[anthropic\]'"),
        ("groq:llama", "pip install langchain-groq"),
    ],
)
def test_a_missing_package_is_told_with_the_line_that_installs_it(name: str, line: str, hide_packages: None) -> None:
    with pytest.raises(ModelUnavailable, match=line):
        load_chat_model(name)


@pytest.fixture
def hide_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where the providers' packages are not installed."""
    for package in ("langchain_ollama", "langchain_anthropic", "langchain_groq"):
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, package, None)


def test_a_provider_that_nobody_knows() -> None:
    with pytest.raises(SettingsError, match="'nosuch', which LangChain doesn't know"):
        load_chat_model("nosuch:model")


def test_a_missing_key_is_told_in_our_own_words() -> None:
    with pytest.raises(ModelUnavailable, match=r"openai:gpt cannot be set up \(\w+\); check that the provider's key"):
        load_chat_model("openai:gpt")


def test_a_server_of_ones_own_needs_no_key_and_no_provider() -> None:
    with FaultyServer(["ok"]) as server:
        assert ChatClient(load_chat_model("any-model", server.base_url)).complete([("user", "Hello")]) == REPLY
    (request,) = server.requests
    assert (request["model"], request["temperature"]) == ("any-model", 0.0)
    assert server.keys == ["Bearer none"]


@pytest.mark.parametrize("name", ["llama3.2:1b", "meta-llama/llama-3.1-8b:free"])
def test_the_model_of_a_server_may_have_a_colon_in_its_name(name: str) -> None:
    with FaultyServer(["ok"]) as server:
        assert ChatClient(load_chat_model(name, server.base_url)).complete([("user", "Hello")]) == REPLY
    assert [request["model"] for request in server.requests] == [name]


def test_a_provider_that_is_known_is_a_provider_beside_an_address_too(hide_packages: None) -> None:
    with pytest.raises(ModelUnavailable, match="pip install langchain-groq"):
        load_chat_model("groq:llama", "http://127.0.0.1:1/v1")


def test_without_langchain_the_model_of_a_server_needs_the_package_for_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("langchain.chat_models", "langchain.chat_models.base"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModelUnavailable, match=r"pip install 'news-assistant\[openai\]'"):
        load_chat_model("llama3.2:1b", "http://127.0.0.1:1/v1")


def test_an_address_of_the_environment_that_cannot_work_is_told_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://[::1:8080/v1")
    with pytest.raises(ModelUnavailable, match=r"openai:gpt cannot be set up \(InvalidURL\)") as caught:
        load_chat_model("openai:gpt")
    assert "8080" not in str(caught.value)


def test_the_key_of_the_environment_is_used_and_kept_out_of_sight(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with FaultyServer(["ok"]) as server, caplog.at_level(logging.DEBUG):
        logging.getLogger().setLevel(logging.DEBUG)
        model = load_chat_model("openai:x", server.base_url)
        ChatClient(model).complete([("user", "a very private question")])
    assert server.keys == [f"Bearer {KEY}"]
    assert KEY not in repr(model)
    for words in (KEY, "a very private question", server.base_url):
        assert words not in caplog.text


def test_the_settings_make_a_client_or_none() -> None:
    assert chat_client(load_settings()) is None
    model = ScriptedChatModel(lines=["Fine."])
    client = chat_client(load_settings(chat_timeout_s=7), model)
    assert client
    assert (client.model, client.timeout_s, client.count_tokens) == (model, 7.0, None)
    assert client.complete([("user", "How are you?")]) == "Fine."


def test_a_cache_that_cannot_be_opened(tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="chat_cache is"):
        chat_client(load_settings(chat_cache=f"{tmp_path}/no/such/folder/x.sqlite"), ScriptedChatModel(lines=["x"]))
