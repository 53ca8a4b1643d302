"""llama.cpp with SmolLM2 in this process: the real partner of the whole path, slow and small as it is."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from faulty_server import FaultyServer
from pydantic import SecretStr

from assistant.errors import ModelError, ModelUnavailable, SettingsError
from assistant.models.chat_client import ChatClient, ReplyFacts
from assistant.models.chat_model import load_chat_model
from assistant.models.local_chat import LocalChatModel, token_counter
from assistant.models.reply_cache import ReplyCache


@pytest.fixture(scope="module")
def client() -> ChatClient:
    return ChatClient(load_chat_model("local:smollm2", max_tokens=12, context_tokens=512), timeout_s=120)


def test_it_answers_in_pieces_and_counts(client: ChatClient) -> None:
    facts = ReplyFacts()
    pieces = list(client.stream([("user", "Say hello.")], facts))
    assert "".join(pieces).strip()
    assert len(pieces) > 1
    assert 0 < facts.output_tokens <= 12
    assert facts.input_tokens > 3


def test_the_same_words_each_time(client: ChatClient) -> None:
    asked = [("user", "Name a colour.")]
    assert client.complete(asked) == client.complete(asked)


def test_it_counts_with_its_own_table(client: ChatClient) -> None:
    assert client.count_tokens
    assert client.count_tokens("Hello world") == 2
    assert client.count_tokens("") == 0


def test_its_server_listens_on_loopback_and_to_its_own_key_alone(client: ChatClient) -> None:
    url = str(client.model.openai_api_base)  # type: ignore[attr-defined]
    assert url.startswith("http://127.0.0.1:")
    body = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}
    assert httpx.post(f"{url}/chat/completions", json=body).status_code == 401


def test_a_reply_is_kept_for_its_own_file_at_any_address(tmp_path: Path) -> None:
    def reply(file: str, said: str) -> str:
        with FaultyServer([said]) as server:
            model = LocalChatModel(file=Path(file), model="m", base_url=server.base_url, api_key=SecretStr("none"))
            return ChatClient(model, cache=cache).complete([("user", "Hello")])

    cache = ReplyCache(tmp_path / "replies.sqlite")
    said = [("/a/m.gguf", "First."), ("/a/m.gguf", "Second."), ("/b/m.gguf", "Third.")]
    assert [reply(*each) for each in said] == ["First.", "First.", "Third."]


def test_a_server_that_cannot_count_is_told_without_key_address_or_text() -> None:
    with FaultyServer([503]) as server, pytest.raises(ModelError, match=r"cannot count tokens \(HTTPStatusError\)") as caught:
        token_counter(server.base_url, "secret-key", 10)("Did it rain?")
    with pytest.raises(ModelError, match=r"cannot count tokens \(ConnectError\)"):
        token_counter(server.base_url, "secret-key", 10)("Did it rain?")
    assert all(word not in str(caught.value) for word in ("secret", "127.0.0.1", "rain"))


def test_a_proxy_of_the_environment_is_passed_by(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with FaultyServer([503]) as proxy:
        monkeypatch.setenv("http_proxy", proxy.base_url)
        model = load_chat_model("local:smollm2", max_tokens=4, context_tokens=512)
        assert model.get_num_tokens("Hello world") == 2
        assert ChatClient(model, timeout_s=120).complete([("user", "Say hello.")])
        assert model.invoke("Say hello.").text
    assert proxy.requests == []
    assert caplog.records == []


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ModelUnavailable, match=r"no model file '/no/such\.gguf'; give local:smollm2 or the path of a GGUF file"):
        load_chat_model("local:/no/such.gguf")


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"GGUF but not really")
    with pytest.raises(ModelUnavailable, match=r"llama\.cpp cannot load"):
        load_chat_model(f"local:{path}")


def test_a_local_model_has_no_address() -> None:
    with pytest.raises(SettingsError, match="runs in this process"):
        load_chat_model("local:smollm2", "http://127.0.0.1:1/v1")
