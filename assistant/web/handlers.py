"""What happens when the reader does something: each method is one event of the page, and gives what its components become."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import wraps
from html import unescape
from itertools import count
from threading import Event
from typing import Any, ParamSpec

import gradio as gr

from assistant.errors import AssistantError, StorageError
from assistant.types import Sentence
from assistant.web.chat import Chat, Message, Step, messages_of, said
from assistant.web.checking import WAITING, growing_html, refusal_html, stopped_html, verdicts_html
from assistant.web.conversations import MAX_TITLE_CHARACTERS, Exchange
from assistant.web.copying import FORMS
from assistant.web.evidence import EMPTY, NOTHING_CHECKED
from assistant.web.examples import examples_for
from assistant.web.filters import filter_in_words, search_filter
from assistant.web.readers import reader_of
from assistant.web.wording import error_in_words, plain, title_html

EVERYTHING = "Search in all articles"
SUGGEST = "What do the articles answer on this?"
MOST_SUGGESTIONS = 3
COPIED = "copied"
THUMBS = ("Like", "Dislike")
NOT_BEGUN = "none"  # a browser keeps no None: after a reload the conversation before would be back
_SOMEBODY_ELSES = "This is a shared conversation; open one of your own first."

Updates = tuple[Any, ...]
Choice = list[str] | None
Again = tuple[str, int]  # a question and its turn
_P = ParamSpec("_P")


def _or_told(instead: Any) -> Callable[[Callable[_P, Any]], Callable[_P, Any]]:
    """A handler that shows an error raised on purpose at the side of the page, and then gives `instead`.

    Gradio shows something there only for an event that goes through the queue. Its own `gr.Error` would cover the chat as well.
    """

    def decorate(handler: Callable[_P, Any]) -> Callable[_P, Any]:
        @wraps(handler)
        def told(*args: _P.args, **kwargs: _P.kwargs) -> Any:
            try:
                return handler(*args, **kwargs)
            except AssistantError as error:
                _warn(error)
                return instead

        return told

    return decorate


class Handlers:
    """The events of one page. Where the conversations cannot be read or written, each says so.

    Everywhere, `conversation` is the id of the open conversation, None or `NOT_BEGUN` before it has begun; `key` is that of a
    shared conversation that is being read, or empty. While one is read, nothing is done to the reader's own.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._visits = count()

    def restore(self, conversation: str | None, request: gr.Request) -> Updates:
        """The page was opened: the conversation comes back; `?shared=` shows another's. Needs no article, so it never waits."""
        key = _shared(request)
        exchanges: list[Exchange] = []
        try:
            exchanges = self._exchanges(request, conversation, key)
            messages = _messages(exchanges, shared=bool(key))
            if key and not exchanges:
                messages = gr.Chatbot([said("assistant", "No conversation has this link; it may have been deleted.")])
        except StorageError as error:
            messages = gr.Chatbot([_refusal(error)])
        # The browser's own note of the conversation is left alone: the reader may have asked something meanwhile.
        own = None if key else conversation
        return messages, *self._surroundings(request, own, key, exchanges)[:-1], gr.skip()

    def opened(self, conversation: str | None, request: gr.Request) -> Updates:
        """The articles are there, at once or after a while: gives the title, outlets, examples, and the evidence."""
        assistant = self._chat.assistant
        exchanges = self._readable(request, conversation, _shared(request))
        examples = examples_for(assistant.article_ids(), next(self._visits))
        return (
            title_html(assistant.counts()[0]),
            gr.Dropdown(assistant.sources()),
            gr.Chatbot(examples=[{"text": example} for example in examples]),
            self._chat.evidence(exchanges[-1]) if exchanges else gr.skip(),
        )

    def new(self, request: gr.Request) -> Updates:
        """An empty conversation; it is kept once something was asked."""
        return self._view(request, None)

    def open(self, conversation: str | None, request: gr.Request) -> Updates:
        """A conversation was chosen from the list."""
        return self._view(request, conversation)

    @_or_told(gr.skip())
    def rename(self, conversation: str | None, key: str, title: str, request: gr.Request) -> Any:
        """The open conversation got another title."""
        if key:
            gr.Info(_SOMEBODY_ELSES)
            return gr.skip()
        if conversation:
            self._chat.kept.rename(reader_of(request), conversation, title)
        return gr.Radio(self._chat.kept.titles(reader_of(request)), value=conversation)

    @_or_told(gr.skip())
    def delete(self, conversation: str | None, key: str, request: gr.Request) -> Any:
        """The open conversation goes; with an empty id, as when the reader thought better of it, nothing changes."""
        if conversation == "":
            return gr.skip()
        if key:
            gr.Info(_SOMEBODY_ELSES)
            return gr.skip()
        if conversation is None or conversation == NOT_BEGUN:
            gr.Info("There is nothing to delete; open a conversation first.")
            return gr.skip()
        self._chat.kept.delete(reader_of(request), conversation)
        return self.new(request)

    def reply(
        self,
        asked: str,
        conversation: str | None,
        key: str,
        first_day: str | None,
        last_day: str | None,
        outlets: Choice,
        newest_first: bool,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Something was asked. Gives the question box, the question, evidence, messages, then what `_surroundings` gives."""
        yield from self._reply(asked, None, conversation, key, (first_day, last_day, outlets, newest_first), request)

    def reply_again(
        self,
        again: Again,
        conversation: str | None,
        key: str,
        first_day: str | None,
        last_day: str | None,
        outlets: Choice,
        newest_first: bool,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """The last question was asked once more, with what is chosen now. Gives the same as `reply`."""
        yield from self._reply(*again, conversation, key, (first_day, last_day, outlets, newest_first), request)

    def _reply(
        self,
        asked: str,
        turn: int | None,
        conversation: str | None,
        key: str,
        chosen: tuple[str | None, str | None, Choice, bool],
        request: gr.Request,
    ) -> Iterator[Updates]:
        same = gr.skip()
        as_before = (same,) * 8
        if not asked.strip():  # Enter in the empty box
            yield (same,) * 4 + as_before
            return
        nothing_offered = (*(same,) * 5, gr.Button(visible=False), gr.Row(visible=False), same)
        current = None if key else conversation
        # A question that is asked again doesn't come from the box: what was typed there stays.
        busy: dict[str, Any] = {"submit_btn": False, "stop_btn": "Stop"}
        box: Any = gr.Textbox("", **busy) if turn is None else gr.Textbox(**busy)
        try:
            for step in self._chat.reply(reader_of(request), current, asked, search_filter(*chosen), turn, key):
                if step.exchange is None:
                    yield box, asked, same, _growing(step), *nothing_offered
                    box, nothing_offered = same, as_before
                else:
                    around = self._surroundings(request, step.conversation, "", [step.exchange])
                    yield same, "", self._chat.evidence(step.exchange), _growing(step), *around
        except AssistantError as error:
            told = [said("user", plain(asked)), _refusal(error)]
            before = self._readable(request, conversation, key)[:turn]
            yield idle(asked) if turn is None else may_ask(), "", same, [*messages_of(before), *told], *as_before

    def stop(self, asked: str, typed: str, conversation: str | None, key: str, request: gr.Request) -> Updates:
        """The reader doesn't want to wait, or there was no place in the queue: the question stands in the box again, unless
        another one was typed meanwhile."""
        try:
            messages = _messages(self._exchanges(request, conversation, key), shared=bool(key))
        except StorageError as error:
            messages = gr.Chatbot([_refusal(error)])
        return idle(typed or asked), "", messages

    def suggest(self, conversation: str | None, key: str, request: gr.Request) -> Iterator[Updates]:
        """The reader asks what can be answered instead. Gives the button, the row of questions, and the questions."""
        same = (gr.skip(),) * (MOST_SUGGESTIONS + 1)
        yield gr.Button("Looking…", interactive=False), *same
        try:
            exchanges = self._exchanges(request, conversation, key)
            questions = self._chat.suggestions(exchanges[-1])[:MOST_SUGGESTIONS] if exchanges else ()
            if self._exchanges(request, conversation, key) != exchanges:
                return  # something was asked meanwhile
        except AssistantError as error:
            _warn(error)
            yield gr.Button(SUGGEST, interactive=True), *same
            return
        found = [gr.Button(question, visible=True) for question in questions]
        found += [gr.Button(visible=False)] * (MOST_SUGGESTIONS - len(found))
        told = gr.Button(SUGGEST, visible=False) if questions else gr.Button("Nothing near this is answered.", interactive=False)
        yield told, gr.Row(visible=bool(questions)), *found

    def check(self, text: str, stopped: Event) -> Iterator[Updates]:
        """A text is to be checked, until the reader stops it. Gives its sentences with their verdicts as they come, their
        evidence, which comes last, and the sentences so far."""
        checked: list[Sentence] = []
        try:
            total, growing = self._chat.check(text)
            yield growing_html(checked, total), NOTHING_CHECKED, checked
            # Asked before each sentence is checked, and after the last it is too late.
            while len(checked) < total and not stopped.is_set():
                checked.append(next(growing))
                if len(checked) < total:
                    yield growing_html(checked, total), gr.skip(), checked
            in_words = verdicts_html if len(checked) == total else stopped_html
            yield in_words(checked), self._proof(checked), checked
        except AssistantError as error:
            yield refusal_html(error_in_words(error)), NOTHING_CHECKED, []

    def check_failed(self, checked: Sequence[Sentence]) -> Updates:
        """There was no place in the queue, or the server is gone: what is checked stays. Gives the same as `check` but for the
        sentences, then the buttons."""
        return stopped_html(checked), self._proof(checked), *may_check()

    def _proof(self, checked: Sequence[Sentence]) -> str:
        return self._chat.check_evidence(checked) if checked else NOTHING_CHECKED

    def show_evidence(self, conversation: str | None, key: str, event: gr.SelectData, request: gr.Request) -> Any:
        """A message was clicked: its evidence is shown."""
        try:
            exchange = _at(self._exchanges(request, conversation, key), event.index)
            return self._chat.evidence(exchange) if exchange else gr.skip()
        except AssistantError as error:
            return refusal_html(error_in_words(error))

    def rate(self, conversation: str | None, key: str, event: gr.LikeData, request: gr.Request) -> None:
        """Thumb up, thumb down, or neither any more; somebody else's conversation isn't rated. `not_rated` tells of a failure."""
        exchange = _at(self._exchanges(request, conversation, ""), event.index)
        if exchange and conversation and not key:
            liked = event.liked if isinstance(event.liked, bool) else None
            self._chat.kept.rate(reader_of(request), conversation, exchange.turn, liked)

    def copy_as(self, form: str) -> Callable[..., str]:
        """The handler that gives as text, in one of `FORMS`, the answer of the turn whose evidence is shown, or the last one."""

        @_or_told("")
        def copy(conversation: str | None, key: str, request: gr.Request, turn: str | None = None) -> str:
            exchanges = self._exchanges(request, conversation, key)
            if not exchanges:
                gr.Info("Ask something first.")
                return ""
            answer = next((each for each in exchanges if str(each.turn) == turn), exchanges[-1]).answer
            text = FORMS[form](answer, self._chat.articles(citation.article_id for citation in answer.citations))
            if not text:
                gr.Info("There is nothing to copy: no cited article has a web address.")
            return text

        return copy

    @_or_told("")
    def export(self, conversation: str | None, key: str, title: str, request: gr.Request) -> str:
        """The conversation as a Markdown file; one without a title has its first question for it."""
        exchanges = self._exchanges(request, conversation, key)
        if not exchanges:
            gr.Info("Ask something first; then there is a conversation to export.")
            return ""
        return self._chat.as_file(title.strip() or exchanges[0].answer.question[:MAX_TITLE_CHARACTERS], exchanges)

    @_or_told("")
    def share(self, conversation: str | None, key: str, request: gr.Request) -> str:
        """The address under which others on this server can read the conversation on the page."""
        shared = key or (self._chat.kept.share(reader_of(request), conversation) if conversation else None)
        if not shared:
            gr.Info("Ask something first; then the conversation can be shared.")
            return ""
        gr.Info("Whoever has this link can read the conversation.")
        return f"{request.headers.get('origin', '')}/?shared={shared}"

    def copied(self, outcome: str) -> None:
        """The browser has copied a text, or couldn't; says so."""
        if outcome == COPIED:
            gr.Info("Copied.", duration=2)
        elif outcome:
            gr.Warning(f"The browser doesn't allow copying here. This is the text: {plain(outcome)}", duration=None)

    def _view(self, request: gr.Request, conversation: str | None) -> Updates:
        """All that depends on which conversation is open: nothing asked in it, evidence and messages, then what `_surroundings`
        gives."""
        try:
            exchanges = self._exchanges(request, conversation, "")
            proof, messages = self._chat.evidence(exchanges[-1] if exchanges else None), _messages(exchanges)
        except AssistantError as error:
            exchanges, proof, messages = [], EMPTY, gr.Chatbot([_refusal(error)])
        return "", proof, messages, *self._surroundings(request, conversation, "", exchanges)

    def _surroundings(self, request: gr.Request, conversation: str | None, key: str, latest: Sequence[Exchange]) -> Updates:
        """The key, whether it is a shared conversation, the list of conversations, the open one's title, the copy buttons, what
        follows an abstention, and its id."""
        listed: Any = gr.skip()
        title: Any = gr.skip()
        chosen = conversation
        with suppress(StorageError):  # then the conversation itself couldn't be read or kept, and that is told
            titles = self._chat.kept.titles(reader_of(request))
            title = next((name for name, known in titles if known == conversation), "")
            chosen = conversation if title else None
            listed = gr.Radio(titles, value=chosen)
        unanswered = bool(latest) and latest[-1].answer.abstained
        return (
            key,
            gr.HTML(visible=bool(key and latest)),
            listed,
            title,
            gr.Row(visible=bool(latest) and not unanswered),
            gr.Button(SUGGEST, visible=unanswered, interactive=True),
            gr.Row(visible=False),
            chosen or NOT_BEGUN,
        )

    def _exchanges(self, request: gr.Request, conversation: str | None, key: str) -> list[Exchange]:
        kept = self._chat.kept
        return kept.shared_exchanges(key) if key else kept.exchanges(reader_of(request), conversation)

    def _readable(self, request: gr.Request, conversation: str | None, key: str) -> list[Exchange]:
        """The exchanges; none where they cannot be read now and that is told already."""
        with suppress(StorageError):
            return self._exchanges(request, conversation, key)
        return []


def idle(text: str = "") -> gr.Textbox:
    """The question box with a question that may be asked."""
    return gr.Textbox(text, submit_btn="Ask", stop_btn=False)


def may_ask() -> gr.Textbox:
    """The question box, ready for the next question; what was typed meanwhile stays."""
    return gr.Textbox(submit_btn="Ask", stop_btn=False)


def begin_checking() -> Updates:
    """Another text is to be checked: nothing stays of the one before. Gives all that `check` gives, what stops it, then the
    buttons."""
    return WAITING, NOTHING_CHECKED, [], Event(), gr.Button(visible=False), gr.Button("Stop", visible=True, interactive=True)


def stop_checking(stopped: Event) -> gr.Button:
    """The reader doesn't want to wait. Cancelling what runs, Gradio may drop what the reader begins next; so the check itself
    ends, after the sentence it is at."""
    stopped.set()
    return gr.Button("Stopping…", interactive=False)


def may_check() -> Updates:
    """The buttons, ready for the next text: the one that begins and the one that stops."""
    return gr.Button(visible=True), gr.Button(visible=False)


def not_rated() -> None:
    """A thumb wasn't kept."""
    gr.Warning("The thumb was not kept; see that the disk has room and no other program holds the file of conversations.")


def example_chosen(event: gr.SelectData) -> str:
    """The question of the example that was clicked."""
    return str(event.value["text"])


def asked_again(event: gr.RetryData) -> Again:
    """The question to ask once more, and its turn."""
    return unescape(str(event.value)), _turn_of(event.index)


def itself(text: str) -> str:
    """The question on the button that was pressed."""
    return text


def filter_label(first_day: str | None, last_day: str | None, outlets: Choice, newest_first: bool) -> gr.Accordion:
    """What the closed filter says."""
    try:
        chosen = search_filter(first_day, last_day, outlets, newest_first)
    except AssistantError as error:
        return gr.Accordion(label=error_in_words(error))
    phrases = ", ".join(filter_in_words(chosen))
    if not phrases:
        return gr.Accordion(label=EVERYTHING)
    return gr.Accordion(label=f"Search only {phrases}" if chosen.narrows else f"{EVERYTHING}, {phrases}")


def _shared(request: gr.Request) -> str:
    return str(request.query_params.get("shared", ""))


def _warn(error: AssistantError) -> None:
    gr.Warning(plain(error_in_words(error)))  # shown as HTML, in which this is the text itself


def _refusal(error: AssistantError) -> Message:
    return said("assistant", plain(error_in_words(error)))


def _messages(exchanges: Sequence[Exchange], *, shared: bool = False) -> gr.Chatbot:
    """The chat; of somebody else's conversation the reader sees no thumbs and gives none."""
    thumbs = [_feedback(exchange) for exchange in exchanges]
    return gr.Chatbot(value=messages_of(exchanges), feedback_options=() if shared else THUMBS, feedback_value=thumbs)


def _growing(step: Step) -> gr.Chatbot:
    # Whatever is answered here is the reader's own, and may be judged.
    thumbs = [_feedback(exchange) for exchange in step.kept]
    return gr.Chatbot(value=step.messages, feedback_options=THUMBS, feedback_value=thumbs)


def _at(exchanges: Sequence[Exchange], message: Any) -> Exchange | None:
    turn = _turn_of(message)
    return exchanges[turn] if turn < len(exchanges) else None


def _turn_of(message: Any) -> int:
    """The turn of a message, by its number in the chat: each has two."""
    return int(message) // 2


def _feedback(exchange: Exchange) -> str | None:
    return None if exchange.liked is None else "Like" if exchange.liked else "Dislike"
