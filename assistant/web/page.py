"""The page: which components there are, and which handler each event has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.web.chat import Chat
from assistant.web.checking import MAX_TEXT_CHARACTERS
from assistant.web.conversations import MAX_TITLE_CHARACTERS
from assistant.web.copying import FORMS
from assistant.web.evidence import EMPTY, NOTHING_CHECKED
from assistant.web.filters import NEWEST_FIRST
from assistant.web.handlers import (
    COPIED,
    EVERYTHING,
    MOST_SUGGESTIONS,
    NOT_BEGUN,
    SUGGEST,
    Handlers,
    asked_again,
    begin_checking,
    example_chosen,
    filter_label,
    itself,
    may_ask,
    may_check,
    not_rated,
    stop_checking,
)
from assistant.web.programs import add_programs
from assistant.web.wording import title_html

# Two cores answer two questions at a time about as fast as one; the rest wait in the queue. A long text is checked beside
# them, one at a time, so that it keeps nobody from asking.
ASKING: dict[str, Any] = {"concurrency_id": "asking", "concurrency_limit": 2}
CHECKING: dict[str, Any] = {"concurrency_id": "checking", "concurrency_limit": 1}

_TOOLS = """
<p id="spoken" role="status" class="unseen"></p>
<button id="dark" class="quiet" type="button" aria-label="Light or dark">Dark</button>
<button id="evidence-open" class="quiet only-phone" type="button" aria-expanded="false" aria-controls="proof">Evidence</button>
"""
_EVIDENCE_BAR = """
<div id="evidence-bar">
  <button id="evidence-close" class="quiet only-phone" type="button">Close</button>
</div>
"""
_WELCOME = "## Ask the articles\nEvery answer is in their own words, with the place where they stand."
_SHARED = "<p>Somebody shared this conversation. Your questions go on in a copy of your own.</p>"
_WITH_TURN_SHOWN = "(open, key) => [open, key, document.querySelector('#evidence .evidence')?.dataset.turn]"
# Gives an empty id where the reader thought better of it. Where nothing of theirs is open, there is nothing to ask.
_CONFIRM_DELETE = f"""(open, key) =>
  [open && open !== '{NOT_BEGUN}' && !key && !confirm('Delete this conversation? It cannot be brought back.') ? '' : open, key]"""

# A browser cuts what is longer without a word. So this is far above what is answered or checked: whatever is cut is refused, in
# words; and it is below what the server takes at all.
_MOST_PASTED = 100_000

# What takes a moment, and says something at the side of the page; that goes through the queue.
_QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
# What takes a moment and says nothing goes past the queue: it works while the queue is full. Of such an event Gradio shows
# nothing at the side, not even an error: what went wrong stands in the components themselves.
_AT_ONCE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}


@dataclass(frozen=True, slots=True)
class _History:
    listed: gr.Radio
    title: gr.Textbox
    export: gr.Button
    share: gr.Button
    delete: gr.Button


@dataclass(frozen=True, slots=True)
class _Talk:
    shared: gr.HTML
    messages: gr.Chatbot
    copying: gr.Row
    copies: dict[str, gr.Button]
    suggest: gr.Button
    offered: gr.Row
    suggestions: list[gr.Button]
    filter: gr.Accordion
    first_day: gr.Textbox
    last_day: gr.Textbox
    outlets: gr.Dropdown
    newest_first: gr.Checkbox
    question: gr.Textbox


@dataclass(frozen=True, slots=True)
class _Check:
    text: gr.Textbox
    button: gr.Button
    stop: gr.Button
    verdicts: gr.HTML
    evidence: gr.HTML


def build_page(chat: Chat) -> gr.Blocks:
    """The page over one chat."""
    page = gr.Blocks(title="News assistant", analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        history = _history()
        with gr.Row(elem_id="masthead"):
            title = gr.HTML(title_html(None), apply_default_css=False)
            new = gr.Button("New chat", elem_classes="quiet", size="sm", scale=0)
            gr.HTML(_TOOLS, apply_default_css=False)
        with gr.Row(elem_id="desk"):
            with gr.Tabs(elem_id="tabs"):
                with gr.Tab("Ask", elem_id="asking"):
                    talk = _talk()
                with gr.Tab("Check a text", elem_id="checking"):
                    text, button, stop, verdicts = _checking()
            with gr.Column(elem_id="proof", min_width=320):
                gr.HTML(_EVIDENCE_BAR, apply_default_css=False)
                evidence = gr.HTML(EMPTY, elem_id="evidence", apply_default_css=False)
                proof = gr.HTML(NOTHING_CHECKED, elem_id="check-evidence", apply_default_css=False)
                check = _Check(text, button, stop, verdicts, proof)
        handlers = Handlers(chat)
        _wire(page, handlers, history, talk, evidence, new, title)
        _wire_check(handlers, check)
        add_programs(chat, ASKING, CHECKING)
    return page


def _history() -> _History:
    with gr.Sidebar(open=False, width=300, elem_id="history"):
        gr.Markdown("## Conversations")
        listed = gr.Radio([], label="Your conversations", show_label=False, container=False, elem_id="conversations")
        title = gr.Textbox(label="Rename", max_lines=1, max_length=MAX_TITLE_CHARACTERS, submit_btn="Save", elem_id="rename")
        with gr.Row(elem_id="history-tools"):
            buttons = [gr.Button(text, size="sm", elem_classes="quiet", scale=0) for text in ("Export", "Share link", "Delete")]
    return _History(listed, title, *buttons)


def _checking() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.HTML]:
    with gr.Column(elem_id="check", min_width=320):
        text = gr.Textbox(
            elem_id="text",
            label="Text to check",
            info=f"At most {MAX_TEXT_CHARACTERS:,} characters.",
            lines=8,
            max_lines=16,
            placeholder="Paste a text. Each sentence is compared with the articles.",
            max_length=_MOST_PASTED,
        )
        button = gr.Button("Check", elem_id="check-it", size="sm", scale=0)
        stop = gr.Button("Stop", elem_id="stop-checking", elem_classes="quiet", size="sm", scale=0, visible=False)
        verdicts = gr.HTML(elem_id="verdicts", apply_default_css=False)
    return text, button, stop, verdicts


def _talk() -> _Talk:
    with gr.Column(elem_id="talk", min_width=320):
        shared = gr.HTML(_SHARED, visible=False, elem_id="shared", apply_default_css=False)
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
        )
        with gr.Row(elem_id="copying", visible=False) as copying:
            gr.HTML("<span>Copy the answer as</span>", apply_default_css=False)
            copies = {
                form: gr.Button(form, elem_id=f"copy-{form.lower()}", size="sm", elem_classes="bare", scale=0) for form in FORMS
            }
        suggest = gr.Button(SUGGEST, elem_id="suggest", elem_classes="quiet", size="sm", scale=0, visible=False)
        with gr.Row(elem_id="offered", visible=False) as offered:
            suggestions = [gr.Button(elem_classes="quiet", size="sm", scale=0) for _ in range(MOST_SUGGESTIONS)]
        with gr.Accordion(EVERYTHING, open=False, elem_id="filter") as fold:
            with gr.Row():
                first_day = gr.Textbox(label="From", placeholder="YYYY-MM-DD", max_lines=1, min_width=100)
                last_day = gr.Textbox(label="To", placeholder="YYYY-MM-DD", max_lines=1, min_width=100)
            outlets = gr.Dropdown([], label="Outlets", multiselect=True)
            newest_first = gr.Checkbox(label=NEWEST_FIRST)
        question = gr.Textbox(
            elem_id="question",
            label="Your question",
            show_label=False,
            container=False,
            placeholder="Ask a question about the news…",
            max_length=_MOST_PASTED,
            submit_btn="Ask",
            autofocus=True,
        )
    return _Talk(
        shared,
        messages,
        copying,
        copies,
        suggest,
        offered,
        suggestions,
        fold,
        first_day,
        last_day,
        outlets,
        newest_first,
        question,
    )


def _wire(
    page: gr.Blocks, on: Handlers, history: _History, talk: _Talk, evidence: gr.HTML, new: gr.Button, title: gr.HTML
) -> None:
    # Only which conversation is open; whose it is, the cookie says.
    current = gr.BrowserState(None, storage_key="news-conversation", secret="not a secret")
    # Of the shared conversation that is read; in the page, whose address loses it once the reader goes on in one of their own.
    key = gr.Textbox("", visible="hidden", elem_id="shared-key")
    key.change(None, key, None, js="(key) => newsPage.at(key)")
    pending = gr.State("")  # the question that is being answered
    again = gr.State(("", 0))  # the question that is to be asked once more, and its turn
    outgoing = gr.Textbox(visible=False)  # text on its way to the clipboard or into a file

    whole = [
        evidence,
        talk.messages,
        key,
        talk.shared,
        history.listed,
        history.title,
        talk.copying,
        talk.suggest,
        talk.offered,
        current,
    ]
    chosen: list[Any] = [talk.first_day, talk.last_day, talk.outlets, talk.newest_first]
    asking: dict[str, Any] = {
        "fn": on.reply,
        "inputs": [talk.question, current, key, *chosen],
        "outputs": [talk.question, pending, *whole],
        "show_progress": "minimal",
        "show_progress_on": talk.messages,
        "api_visibility": "private",
        **ASKING,
    }
    repeated = asking | {"fn": on.reply_again, "inputs": [again, current, key, *chosen]}
    running = [
        talk.question.submit(**asking),
        talk.messages.example_select(example_chosen, outputs=talk.question, **_AT_ONCE).then(**asking),
        talk.messages.retry(asked_again, outputs=again, **_AT_ONCE).then(**repeated),
        *(button.click(itself, button, talk.question, **_AT_ONCE).then(**asking) for button in talk.suggestions),
    ]
    given_up: dict[str, Any] = {
        "fn": on.stop,
        "inputs": [pending, talk.question, current, key],
        "outputs": [talk.question, pending, talk.messages],
        **_AT_ONCE,
    }
    talk.question.stop(cancels=running, **given_up)
    for asked in running:
        asked.failure(**given_up)
        # Only now does the page take another question: one that came before the end of this one would be dropped unseen.
        asked.then(may_ask, None, talk.question, **_AT_ONCE)
    looking = talk.suggest.click(
        on.suggest,
        [current, key],
        [talk.suggest, talk.offered, *talk.suggestions],
        show_progress="hidden",
        api_visibility="private",
        **ASKING,
    )
    talk.messages.select(on.show_evidence, [current, key], evidence, **_AT_ONCE)
    # In the queue a thumb would be lost when the page is closed at once; only that it wasn't kept is told through it.
    talk.messages.like(on.rate, [current, key], None, **_AT_ONCE).failure(not_rated, None, None, **_QUIETLY)

    page.load(on.restore, current, whole[1:], **_AT_ONCE)
    page.load(on.opened, current, [title, talk.outlets, talk.messages, evidence], **_AT_ONCE)
    another: dict[str, Any] = {"outputs": [pending, *whole], "cancels": [*running, looking], **_AT_ONCE}
    new.click(on.new, None, **another)
    history.listed.input(on.open, history.listed, **another)
    history.title.submit(on.rename, [current, key, history.title], history.listed, **_QUIETLY)
    # Whoever thinks better of it and then does it all the same is asked twice: the second press counts while the first one's
    # answer is still on its way.
    deleting = another | _QUIETLY | {"queue": True, "trigger_mode": "multiple"}
    history.delete.click(on.delete, [current, key], js=_CONFIRM_DELETE, **deleting)

    outcome = gr.Textbox(visible=False)
    turn = gr.Textbox(visible=False)  # of the answer whose evidence is shown
    to_clipboard: dict[str, Any] = {
        "fn": None,
        "inputs": outgoing,
        "outputs": outcome,
        "js": f"async (text) => await newsPage.copy(text) ? '{COPIED}' : text",
    }
    to_file: dict[str, Any] = {
        "fn": None,
        "inputs": outgoing,
        "js": "(text) => { if (text) newsPage.save(text); }",
    }
    for form, button in talk.copies.items():
        copying = button.click(on.copy_as(form), [current, key, turn], outgoing, js=_WITH_TURN_SHOWN, **_QUIETLY)
        copying.then(**to_clipboard).then(on.copied, outcome, None, **_QUIETLY)
    sharing = history.share.click(on.share, [current, key], outgoing, **_QUIETLY)
    sharing.then(**to_clipboard).then(on.copied, outcome, None, **_QUIETLY)
    history.export.click(on.export, [current, key, history.title], outgoing, **_QUIETLY).then(**to_file)

    # A day that is still being typed is no mistake yet.
    days = [event for day in (talk.first_day, talk.last_day) for event in (day.submit, day.blur)]
    gr.on([*days, talk.outlets.change, talk.newest_first.change], filter_label, chosen, talk.filter, **_AT_ONCE)


def _wire_check(on: Handlers, check: _Check) -> None:
    checked = gr.State([])  # the sentences so far
    stopped = gr.State(None)  # what tells the check that it is to end
    buttons = [check.button, check.stop]
    shown = [check.verdicts, check.evidence, checked]
    begun = check.button.click(begin_checking, None, [*shown, stopped, *buttons], **_AT_ONCE)
    running = begun.then(
        on.check,
        [check.text, stopped],
        shown,
        show_progress="minimal",
        show_progress_on=check.verdicts,
        api_visibility="private",
        **CHECKING,
    )
    check.stop.click(stop_checking, stopped, check.stop, **_AT_ONCE)
    running.failure(on.check_failed, checked, [check.verdicts, check.evidence, *buttons], **_AT_ONCE)
    running.success(may_check, None, buttons, **_AT_ONCE)
