"""The page: which components there are, and which handler each event has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.engine import MAX_QUESTION_CHARACTERS
from assistant.web.chat import Chat
from assistant.web.conversations import MAX_TITLE_CHARACTERS
from assistant.web.copying import FORMS
from assistant.web.evidence import EMPTY
from assistant.web.examples import examples_for
from assistant.web.handlers import EVERYTHING, Handlers, asked_again, example_chosen, filter_label
from assistant.web.programs import add_programs

# Two cores answer two questions at a time about as fast as one; the rest wait in the queue.
ASKING = "asking"
AT_ONCE = 2

_TOOLS = """
<button id="dark" class="quiet" type="button" aria-label="Light or dark">Dark</button>
<button id="evidence-open" class="quiet only-phone" type="button" aria-expanded="false" aria-controls="proof">Evidence</button>
"""
_EVIDENCE_BAR = """
<div id="evidence-bar">
  <h2>The evidence</h2>
  <button id="evidence-close" class="quiet only-phone" type="button">Close</button>
</div>
"""
_WELCOME = "## Ask the articles\nEvery answer is in their own words, with the place where they stand."
_CONFIRM_DELETE = "(open) => confirm('Delete this conversation? It cannot be brought back.') ? open : null"


@dataclass(frozen=True, slots=True)
class _History:
    listed: gr.Radio
    title: gr.Textbox
    export: gr.Button
    share: gr.Button
    delete: gr.Button


@dataclass(frozen=True, slots=True)
class _Talk:
    messages: gr.Chatbot
    copying: gr.Row
    copies: dict[str, gr.Button]
    filter: gr.Accordion
    first_day: gr.DateTime
    last_day: gr.DateTime
    outlets: gr.Dropdown
    question: gr.Textbox


def build_page(chat: Chat) -> gr.Blocks:
    """The page over one chat."""
    page = gr.Blocks(title="News assistant", analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        history = _history()
        with gr.Row(elem_id="masthead"):
            gr.HTML(_title(chat.assistant.counts()[0]), apply_default_css=False)
            new = gr.Button("New chat", elem_classes="quiet", size="sm", scale=0)
            gr.HTML(_TOOLS, apply_default_css=False)
        with gr.Row(elem_id="desk"):
            talk = _talk(chat)
            with gr.Column(elem_id="proof", min_width=320):
                gr.HTML(_EVIDENCE_BAR, apply_default_css=False)
                evidence = gr.HTML(EMPTY, elem_id="evidence", apply_default_css=False)
        _wire(page, Handlers(chat), history, talk, evidence, new)
        add_programs(chat.assistant, ASKING)
    return page


def _history() -> _History:
    with gr.Sidebar(open=False, width=300, elem_id="history"):
        gr.Markdown("## Conversations")
        listed = gr.Radio([], label="Your conversations", show_label=False, container=False, elem_id="conversations")
        title = gr.Textbox(label="Rename", max_lines=1, max_length=MAX_TITLE_CHARACTERS, submit_btn="Save", elem_id="rename")
        with gr.Row(elem_id="history-tools"):
            buttons = [gr.Button(text, size="sm", elem_classes="quiet", scale=0) for text in ("Export", "Share link", "Delete")]
    return _History(listed, title, *buttons)


def _talk(chat: Chat) -> _Talk:
    with gr.Column(elem_id="talk", min_width=320):
        messages = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            container=False,
            height=None,
            layout="bubble",
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            placeholder=_WELCOME,
            examples=[{"text": example} for example in examples_for(chat.assistant)],
        )
        with gr.Row(elem_id="copying", visible=False) as copying:
            gr.HTML("<span>Copy the answer as</span>", apply_default_css=False)
            copies = {form: gr.Button(form, size="sm", elem_classes="bare", scale=0) for form in FORMS}
        with gr.Accordion(EVERYTHING, open=False, elem_id="filter") as fold:
            with gr.Row():
                first_day = gr.DateTime(label="From", include_time=False, type="string")
                last_day = gr.DateTime(label="To", include_time=False, type="string")
            outlets = gr.Dropdown(_outlets(chat), label="Outlets", multiselect=True)
        question = gr.Textbox(
            elem_id="question",
            label="Your question",
            show_label=False,
            container=False,
            placeholder="Ask a question about the news…",
            max_length=MAX_QUESTION_CHARACTERS,
            submit_btn="Ask",
            autofocus=True,
        )
    return _Talk(messages, copying, copies, fold, first_day, last_day, outlets, question)


def _wire(page: gr.Blocks, on: Handlers, history: _History, talk: _Talk, evidence: gr.HTML, new: gr.Button) -> None:
    # Only which conversation is open; whose it is, the cookie says.
    current = gr.BrowserState(None, storage_key="news-conversation", secret="not a secret")
    key = gr.State("")
    pending = gr.State("")  # the question that is being answered
    outgoing = gr.Textbox(visible=False)  # text on its way to the clipboard or into a file

    whole = [talk.messages, evidence, key, history.listed, history.title, talk.copying, current]
    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
    asking: dict[str, Any] = {
        "fn": on.reply,
        "inputs": [talk.question, current, key, talk.first_day, talk.last_day, talk.outlets],
        "outputs": [talk.question, pending, *whole],
        "show_progress": "minimal",
        "show_progress_on": talk.messages,
        "api_visibility": "private",
        "concurrency_id": ASKING,
        "concurrency_limit": AT_ONCE,
    }
    running = [
        talk.question.submit(**asking),
        talk.messages.example_select(example_chosen, outputs=talk.question, **quietly).then(**asking),
        talk.messages.retry(asked_again, outputs=talk.question, **quietly).then(**asking),
    ]
    given_up: dict[str, Any] = {
        "fn": on.stop,
        "inputs": [pending, current, key],
        "outputs": [talk.question, talk.messages],
        **quietly,
    }
    talk.question.stop(cancels=running, **given_up)
    for asked in running:
        asked.failure(**given_up)
    talk.messages.select(on.show_evidence, [current, key], evidence, **quietly)
    talk.messages.like(on.rate, [current, key], None, **quietly)

    page.load(on.restore, current, whole, **quietly)
    new.click(on.new, None, whole, cancels=running, **quietly)
    history.listed.input(on.open, history.listed, whole, cancels=running, **quietly)
    history.title.submit(on.rename, [current, history.title], history.listed, **quietly)
    history.delete.click(on.delete, current, whole, js=_CONFIRM_DELETE, cancels=running, **quietly)

    to_clipboard: dict[str, Any] = {"fn": None, "inputs": outgoing, "js": "(text) => newsPage.copy(text)"}
    to_file: dict[str, Any] = {"fn": None, "inputs": outgoing, "js": "(text) => newsPage.save('conversation.md', text)"}
    for form, button in talk.copies.items():
        button.click(on.copy_as(form), [current, key], outgoing, **quietly).then(**to_clipboard)
    history.share.click(on.share, current, outgoing, **quietly).then(**to_clipboard)
    history.export.click(on.export, [current, key, history.title], outgoing, **quietly).then(**to_file)

    chosen = [talk.first_day, talk.last_day, talk.outlets]
    for changed in (talk.first_day.change, talk.last_day.change, talk.outlets.change):
        changed(filter_label, chosen, talk.filter, **quietly)


def _outlets(chat: Chat) -> list[str]:
    return chat.assistant.sources()


def _title(articles: int) -> str:
    return f'<div id="title"><h1>News assistant</h1><p>{articles:,} articles, answered in their own words</p></div>'
