from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import pytest
from faulty_server import FaultyServer
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from assistant.answering.generative import GenerativeAnswerer, Reply
from assistant.errors import ModelError
from assistant.models.chat_client import ChatClient
from assistant.models.chat_model import load_chat_model
from assistant.models.scripted import ScriptedChatModel
from assistant.settings import load_settings
from assistant.types import Article, Chunk, Citation, ScoredChunk, Turn, Verdict
from assistant.verification.check import check_sentence
from assistant.verification.passages import Passage

RAIN = Article("rain", "Rain in Leeds", "Rain fell in Leeds on 5 March 2024. The streets were wet. Nobody was hurt.", "The Post")
SNOW = Article(
    "snow",
    "Snow in York",
    "Snow fell in York on 6 March 2024. Trains did not run. More stands at http://york.example/snow today.",
)
ARTICLES = {article.article_id: article for article in (RAIN, SNOW)}
EVIDENCE = tuple(
    ScoredChunk(Chunk(article.article_id, article.article_id, article.text, 0, len(article.text)), 1.0, rank, "fake")
    for rank, article in enumerate((RAIN, SNOW), start=1)
)
QUESTION = "When did rain fall in Leeds?"


class WordForWord:
    """Supports a sentence that stands in a passage as it is; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def __call__(
        self, text: str, cited: Sequence[Passage], all_passages: Sequence[Passage]
    ) -> tuple[Verdict, tuple[Citation, ...]]:
        self.asked.append((text, [passage.article.article_id for passage in cited]))
        verdicts: tuple[tuple[Verdict, Sequence[Passage]], ...] = (("supported", cited), ("corrected", all_passages))
        for verdict, passages in verdicts:
            for passage in passages:
                at = passage.article.text.find(text)
                if at >= 0:
                    article = passage.article
                    place = at, at + len(text)
                    return verdict, (Citation(1, article.article_id, article.title, None, None, text, *place, 1.0),)
        return "unsupported", ()


def count(text: str) -> int:
    return len(text.split())


def key_of(messages: list[BaseMessage], title: str) -> str:
    """The key that a source has in the prompt."""
    (found,) = re.findall(rf"key \[(\w+)\]\n{title}", str(messages[-1].content))
    return str(found)


def citing(text: str) -> Callable[[list[BaseMessage]], str]:
    """A reply in which RAIN and SNOW stand for the keys."""
    return lambda m: text.replace("RAIN", key_of(m, "Rain")).replace("SNOW", key_of(m, "Snow"))


def answerer(model: ScriptedChatModel, check: WordForWord | None = None, **settings: int) -> GenerativeAnswerer:
    return GenerativeAnswerer(ChatClient(model), check or WordForWord(), load_settings(**settings), count)


def reply_to(line: str | Exception | Callable[[list[BaseMessage]], str], **settings: int) -> Reply:
    return answerer(ScriptedChatModel(lines=[line]), **settings).answer(QUESTION, (), EVIDENCE, ARTICLES)


def test_supported_sentences_are_shown_with_numbered_citations() -> None:
    reply = reply_to(citing("Rain fell in Leeds on 5 March 2024. [RAIN] Trains did not run. [SNOW] The streets were wet [RAIN]."))
    assert [(s.text, s.verdict, [(c.marker, c.article_id) for c in s.citations]) for s in reply.sentences] == [
        ("Rain fell in Leeds on 5 March 2024.", "supported", [(1, "rain")]),
        ("Trains did not run.", "supported", [(2, "snow")]),
        ("The streets were wet.", "supported", [(3, "rain")]),
    ]
    assert (reply.removed, reply.failure) == ((), None)


def test_a_wrong_marker_is_corrected() -> None:
    (sentence,) = reply_to(citing("The streets were wet. [SNOW]")).sentences
    assert (sentence.verdict, sentence.citations[0].article_id) == ("corrected", "rain")


def test_a_source_that_does_not_exist_is_left_out() -> None:
    (sentence,) = reply_to(citing("The streets were wet. [RAIN][bb2b]")).sentences
    assert sentence.verdict == "corrected"
    assert "bb2b" not in sentence.text


def test_what_no_passage_supports_is_removed_and_kept_aside() -> None:
    reply = reply_to(citing("Rain fell in Leeds on 5 March 2024. [RAIN] It rained for 40 days and nights. [RAIN]"))
    assert [s.text for s in reply.sentences] == ["Rain fell in Leeds on 5 March 2024."]
    assert [(s.text, s.verdict, s.citations) for s in reply.removed] == [
        ("It rained for 40 days and nights.", "unsupported", ()),
    ]
    assert "40 days" in reply.raw_text


def test_sentences_come_while_the_model_still_speaks_and_closing_ends_it() -> None:
    with FaultyServer(["stalled after Nobody was hurt. The streets were"]) as server:
        client = ChatClient(load_chat_model("openai:fake", server.base_url))
        writer = GenerativeAnswerer(client, WordForWord(), load_settings(), count)
        stream = writer.stream(QUESTION, (), EVIDENCE, ARTICLES)
        assert next(stream).text == "Nobody was hurt."
        assert not server.left.is_set()
        stream.close()
        assert server.left.wait(10)


@pytest.mark.parametrize(
    ("line", "failure"),
    [
        ("", "The chat model said nothing."),
        ("  \n ", "The chat model said nothing."),
        ("The moon is made of cheese.", "Nothing that the chat model said is in the articles."),
        ("NOT IN THE SOURCES", "The chat model found no answer in the articles."),
        ("The sources do not say when.", "The chat model found no answer in the articles."),
        ("I'm sorry, I can't help with that.", "The chat model found no answer in the articles."),
        (ValueError("secret"), "The chat model failed: the connection or the reply failed (ValueError)."),
    ],
)
def test_nothing_to_show_is_told(line: str | Exception, failure: str) -> None:
    reply = reply_to(line)
    assert (reply.sentences, reply.failure) == ((), failure)


@pytest.mark.parametrize(
    ("plan", "failure"),
    [
        ([401], "The chat model failed: the server refused the key (status 401)."),
        ([429], "The chat model failed after 2 tries: the server is busy or the quota is used up (status 429)."),
        ([500], "The chat model failed after 2 tries: the server answered with status 500."),
        (["cut"], "The chat model failed: its reply broke off."),
        (["garbage"], "The chat model failed: the connection or the reply failed (UnicodeDecodeError)."),
        (["empty"], "The chat model said nothing."),
        (["silent"], "The chat model did not finish in 0.4 seconds."),
        (["stalled"], "The chat model did not finish in 0.4 seconds."),
    ],
)
def test_a_faulty_server_is_told(plan: list[str | int], failure: str) -> None:
    with FaultyServer(plan) as server:
        timeout_s = 0.4 if "seconds" in failure else 60
        client = ChatClient(load_chat_model("openai:fake", server.base_url), timeout_s=timeout_s, retries=1, backoff_s=0.01)
        reply = GenerativeAnswerer(client, WordForWord(), load_settings(), count).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert reply.failure == failure


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_the_last_sentence_of_a_reply_that_ran_out_of_room_is_not_shown(reason: str) -> None:
    class Cut(ScriptedChatModel):
        def _chunks(self, messages: list[BaseMessage]) -> Iterator[ChatGenerationChunk]:
            yield from super()._chunks(messages)
            yield ChatGenerationChunk(message=AIMessageChunk(content="", response_metadata={"stop_reason": reason}))

    reply = answerer(Cut(lines=["Nobody was hurt. Rain fell in Leeds"])).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert [sentence.text for sentence in reply.sentences] == ["Nobody was hurt."]
    assert [sentence.text for sentence in reply.removed] == ["Rain fell in Leeds"]


def test_a_model_that_cannot_count_has_failed() -> None:
    def count_nothing(text: str) -> list[int]:
        raise ModelError("The local chat model cannot count tokens (ConnectError).")

    model = ScriptedChatModel(lines=["Nobody was hurt."], custom_get_token_ids=count_nothing)
    reply = answerer(model).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert (reply.sentences, reply.failure) == ((), "The local chat model cannot count tokens (ConnectError).")


def test_a_reply_without_end_is_ended() -> None:
    with FaultyServer(["endless"]) as server:
        client = ChatClient(load_chat_model("openai:fake", server.base_url))
        settings = load_settings(chat_max_tokens=20)
        reply = GenerativeAnswerer(client, WordForWord(), settings, count).answer(QUESTION, (), EVIDENCE, ARTICLES)
        assert server.left.wait(10)
    assert len(reply.raw_text) < 1000
    assert reply.sentences == ()


def test_a_model_that_goes_round_in_circles_is_stopped() -> None:
    model = ScriptedChatModel(lines=["The streets were wet. " * 200])
    reply = answerer(model).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert len(reply.sentences) == 1
    assert len(reply.raw_text) < 200


@pytest.mark.parametrize(
    "said",
    [
        "Nobody was hurt, see http://evil.example/x.",
        "Nobody was hurt ![x](http://evil.example/p.png).",
        "Nobody was hurt <b>at all</b>.",
        "Write one to three short, plain sentences. No lists, no headings, no links, no introduction.",
        "HACKED.",
    ],
)
def test_addresses_markup_and_the_prompt_are_never_shown(said: str) -> None:
    check = WordForWord()
    reply = answerer(ScriptedChatModel(lines=[said]), check).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert reply.sentences == ()
    assert check.asked == []
    assert reply.removed


def test_mark_and_keys_are_never_shown() -> None:
    model = ScriptedChatModel(lines=[lambda m: f"The streets were wet, said {key_of(m, 'Rain')} to everybody."])
    assert answerer(model).answer(QUESTION, (), EVIDENCE, ARTICLES).sentences == ()


def test_an_address_of_the_cited_passage_may_be_shown() -> None:
    (sentence,) = reply_to(citing("More stands at http://york.example/snow today. [SNOW]")).sentences
    assert sentence.citations[0].article_id == "snow"


def test_a_quote_that_is_not_the_articles_is_no_citation() -> None:
    def misquoting(text: str, cited: Sequence[Passage], all_passages: Sequence[Passage]) -> tuple[Verdict, tuple[Citation, ...]]:
        return "supported", (Citation(1, "rain", "Rain", None, None, "Rain fell in Leeds on 5 March 2023.", 0, 35, 1.0),)

    model = ScriptedChatModel(lines=["Rain fell in Leeds on 5 March 2023."])
    reply = GenerativeAnswerer(ChatClient(model), misquoting, load_settings(), count).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert reply.sentences == ()


def test_the_prompt_holds_the_question_the_sources_and_the_conversation() -> None:
    model = ScriptedChatModel(lines=["Nobody was hurt."])
    history = [Turn("user", "Was anybody hurt?"), Turn("assistant", "Nobody.")]
    answerer(model).answer(QUESTION, history, EVIDENCE, ARTICLES)
    ((system, user),) = model.requests
    assert system.type == "system"
    told = str(user.content)
    for words in (QUESTION, RAIN.text, SNOW.text, "Rain in Leeds | The Post", "Reader: Was anybody hurt?", "You: Nobody."):
        assert words in told
    assert "{{" not in told


def test_the_window_of_the_model_is_kept() -> None:
    model = ScriptedChatModel(lines=["Nobody was hurt."])
    long = Article("long", "Long", " ".join(f"Sentence number {n} says that it rained in Leeds." for n in range(2000)))
    evidence = [ScoredChunk(Chunk("long", "long", long.text, 0, len(long.text)), 1.0, 1, "fake")]
    answerer(model, chat_context_tokens=800, chat_max_tokens=100).answer(QUESTION, (), evidence, {"long": long})
    (messages,) = model.requests
    assert sum(count(str(message.content)) for message in messages) < 700


def test_the_real_verifier_decides() -> None:
    said = "Rain fell in Leeds on March 5, 2024. [RAIN] Rain fell in Leeds on 7 March 2024. [RAIN] Six people were hurt. [RAIN]"
    model = ScriptedChatModel(lines=[citing(said)])
    reply = GenerativeAnswerer(ChatClient(model), check_sentence, load_settings(), count).answer(QUESTION, (), EVIDENCE, ARTICLES)
    assert [sentence.text for sentence in reply.sentences] == ["Rain fell in Leeds on March 5, 2024."]
    assert [sentence.text for sentence in reply.removed] == ["Rain fell in Leeds on 7 March 2024.", "Six people were hurt."]
    assert reply.sentences[0].citations[0].quote == "Rain fell in Leeds on 5 March 2024."
