"""What happens when the reader does something: each method is one event of the page, and gives what its components become."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.chat import Chat, messages_of, said
from assistant.web.conversations import Exchange
from assistant.web.copying import FORMS
from assistant.web.filters import filter_in_words, search_filter
from assistant.web.readers import reader_of
from assistant.web.wording import plain

EVERYTHING = "Search in all articles"

Updates = tuple[Any, ...]
Choice = list[str] | None


class Handlers:
    """The events of one page.

    Everywhere, `conversation` is the id of the open conversation, None for one that hasn't begun; `key` is the key of a shared
    conversation that is being read, or empty.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def restore(self, conversation: str | None, request: gr.Request) -> Updates:
        """The page was opened: the conversation comes back; `?shared=` shows another's."""
        # The browser's own note of the conversation is left alone: the reader may have asked something meanwhile.
        return (*self._view(request, conversation, str(request.query_params.get("shared", "")))[:-1], gr.skip())

    def new(self, request: gr.Request) -> Updates:
        """An empty conversation; it is kept once something was asked."""
        return self._view(request, None)

    def open(self, conversation: str | None, request: gr.Request) -> Updates:
        """A conversation was chosen from the list."""
        return self._view(request, conversation)

    def rename(self, conversation: str | None, title: str, request: gr.Request) -> gr.Radio:
        """The open conversation got another title."""
        if conversation:
            self._chat.kept.rename(reader_of(request), conversation, title)
        return gr.Radio(self._chat.kept.titles(reader_of(request)), value=conversation)

    def delete(self, conversation: str | None, request: gr.Request) -> Any:
        """The open conversation goes; without one, as when the reader thought better of it, nothing changes."""
        if not conversation:
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
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Something was asked. Gives the question box, the question, messages and evidence, then what `_surroundings` gives."""
        same = gr.skip()
        as_before = (same,) * 5
        reader = reader_of(request)
        current = None if key else conversation
        box: Any = gr.Textbox("", submit_btn=False, stop_btn="Stop")
        try:
            for step in self._chat.reply(reader, current, asked, search_filter(first_day, last_day, outlets)):
                current = step.conversation
                yield box, asked, step.messages, step.evidence or same, *as_before
                box = same
        except AssistantError as error:
            told = [said("user", plain(asked)), said("assistant", plain(str(error)))]
            yield idle(asked), "", [*messages_of(self._exchanges(request, conversation, key)), *told], same, *as_before
            return
        yield idle(), "", same, same, *self._surroundings(reader, current, "", answered=True)

    def stop(self, asked: str, conversation: str | None, key: str, request: gr.Request) -> Updates:
        """The reader doesn't want to wait: the question goes back into the box."""
        return idle(asked), messages_of(self._exchanges(request, conversation, key))

    def show_evidence(self, conversation: str | None, key: str, event: gr.SelectData, request: gr.Request) -> Any:
        """A message was clicked: its evidence is shown."""
        exchange = _at(self._exchanges(request, conversation, key), event.index)
        return self._chat.evidence(exchange) if exchange else gr.skip()

    def rate(self, conversation: str | None, key: str, event: gr.LikeData, request: gr.Request) -> None:
        """Thumb up, thumb down, or neither any more; somebody else's conversation isn't rated."""
        exchange = _at(self._exchanges(request, conversation, ""), event.index)
        if exchange and conversation and not key:
            liked = event.liked if isinstance(event.liked, bool) else None
            self._chat.kept.rate(reader_of(request), conversation, exchange.turn, liked)

    def copy_as(self, form: str) -> Callable[[str | None, str, gr.Request], str]:
        """The handler that gives the last answer as text, in one of `FORMS`."""

        def copy(conversation: str | None, key: str, request: gr.Request) -> str:
            exchanges = self._exchanges(request, conversation, key)
            if not exchanges:
                gr.Info("Ask something first.")
                return ""
            answer = exchanges[-1].answer
            text = FORMS[form](answer, self._chat.articles([answer]))
            if text:
                gr.Info("Copied.", duration=2)
            else:
                gr.Info("There is nothing to copy: no cited article has a web address.")
            return text

        return copy

    def export(self, conversation: str | None, key: str, title: str, request: gr.Request) -> str:
        """The conversation as a Markdown file."""
        return self._chat.as_file(title or "Conversation", self._exchanges(request, conversation, key))

    def share(self, conversation: str | None, request: gr.Request) -> str:
        """The address under which others on this server can read the open conversation."""
        key = self._chat.kept.share(reader_of(request), conversation) if conversation else None
        if key is None:
            gr.Info("Ask something first; then the conversation can be shared.")
            return ""
        gr.Info("Copied: whoever has this link can read the conversation.")
        return f"{request.headers.get('origin', '')}/?shared={key}"

    def _view(self, request: gr.Request, conversation: str | None, key: str = "") -> Updates:
        """All that depends on which conversation is open: messages and evidence, then what `_surroundings` gives."""
        exchanges = self._exchanges(request, conversation, key)
        return (
            gr.Chatbot(value=messages_of(exchanges), feedback_value=[_feedback(exchange) for exchange in exchanges]),
            self._chat.evidence(exchanges[-1] if exchanges else None),
            *self._surroundings(reader_of(request), conversation, key, answered=bool(exchanges)),
        )

    def _surroundings(self, reader: str, conversation: str | None, key: str, *, answered: bool) -> Updates:
        """The key, the list of conversations, the open one's title, the row of copy buttons, and the open conversation."""
        titles = self._chat.kept.titles(reader)
        title = next((name for name, listed in titles if listed == conversation), None)
        chosen = conversation if title else None
        return key, gr.Radio(titles, value=chosen), title or "", gr.Row(visible=answered), chosen

    def _exchanges(self, request: gr.Request, conversation: str | None, key: str) -> list[Exchange]:
        kept = self._chat.kept
        return kept.shared_exchanges(key) if key else kept.exchanges(reader_of(request), conversation)


def idle(text: str = "") -> gr.Textbox:
    """The question box, ready for the next question."""
    return gr.Textbox(text, submit_btn="Ask", stop_btn=False)


def example_chosen(event: gr.SelectData) -> str:
    """The question of the example that was clicked."""
    return str(event.value["text"])


def asked_again(event: gr.RetryData) -> str:
    """The question to ask once more."""
    return unescape(str(event.value))


def filter_label(first_day: str | None, last_day: str | None, outlets: Choice) -> gr.Accordion:
    """What the closed filter says."""
    try:
        chosen = filter_in_words(search_filter(first_day, last_day, outlets))
    except AssistantError as error:
        return gr.Accordion(label=str(error))
    return gr.Accordion(label=f"Search only {', '.join(chosen)}" if chosen else EVERYTHING)


def _at(exchanges: Sequence[Exchange], message: Any) -> Exchange | None:
    turn = int(message) // 2
    return exchanges[turn] if turn < len(exchanges) else None


def _feedback(exchange: Exchange) -> str | None:
    return None if exchange.liked is None else "Like" if exchange.liked else "Dislike"
