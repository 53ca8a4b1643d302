"""Readers who ask at the same time: how long each waits, and whether each gets the answers to the own questions.

    python app.py                                    # in one terminal
    python tests/benchmarks/load.py http://127.0.0.1:7860 --askers 20 --seconds 120

Each asker is a browser of its own as far as the server can tell: its own cookie, its own session, the page's own events over the
page's own protocol (join the queue, read the stream of events). It asks again as soon as it has the answer, or after a pause. One
question is asked beforehand: a server just started opens its index first. The exit code is 1 when a question was refused,
failed or got another's answer, or when the 95th percentile is over the limit.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

GOLD = Path(__file__).parents[1] / "gold"


@dataclass
class Tally:
    """What one asker, or all of them, saw: seconds to the first words, seconds to the answer, and what went wrong."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Asker:
    """One browser: a cookie, a session, and the page's event that asks."""

    def __init__(self, client: httpx.Client, config: dict[str, Any], number: int) -> None:
        """`config` is what the page holds in a script; read once, since parsing is the browser's work, not the server's."""
        self._client = client
        self._session = secrets.token_hex(8)
        client.get("/").raise_for_status()
        kinds = {component["id"]: component for component in config["components"]}
        # The event that asks is the one that is told which question box was submitted.
        self._event = next(
            event
            for event in config["dependencies"]
            if any(name == "submit" and kinds[target]["props"].get("elem_id") == "question" for target, name in event["targets"])
        )
        self._states = [kinds[i]["type"] for i in self._event["inputs"]]
        self._messages_at = next(at for at, i in enumerate(self._event["outputs"]) if kinds[i]["props"].get("elem_id") == "chat")
        self._conversation_at = len(self._event["outputs"]) - 1
        self._conversation: str | None = None
        self._asked: list[str] = []
        self.number = number

    def ask(self, question: str, tally: Tally) -> None:
        """Asks, waits for the answer, and checks that the conversation is the own one."""
        begun = time.perf_counter()
        first, values = None, []
        for values in self._outputs(question):
            if first is None and values[self._messages_at] is not None:
                first = time.perf_counter() - begun
        whole = time.perf_counter() - begun
        messages = values[self._messages_at]
        shown = [unescape(_text(message)) for message in messages if message["role"] == "user"]
        self._asked.append(question)
        if shown != self._asked:
            raise AssertionError(f"asked {self._asked!r}, but the page shows {shown!r}")
        if "Searching" in _text(messages[-1]) or not _text(messages[-1]):
            raise AssertionError(f"no answer to {question!r}: {_text(messages[-1])!r}")
        self._conversation = values[self._conversation_at]
        tally.first.append(first or whole)
        tally.whole.append(whole)

    def _outputs(self, question: str) -> Iterator[list[Any]]:
        """What the page's components become, after each event of the stream; None for what hasn't been set."""
        data = [question, self._conversation, None, *[None] * (len(self._states) - 3)]
        body = {
            "data": data,
            "fn_index": self._event["id"],
            "session_hash": self._session,
            "event_data": None,
            "trigger_id": None,
        }
        joined = self._client.post("/gradio_api/queue/join", json=body)
        joined.raise_for_status()
        values: list[Any] = []
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as stream:
            for line in stream.iter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                if message["msg"] in {"process_generating", "process_completed"}:
                    if not message["success"]:
                        raise AssertionError(f"failed: {message['output']!r}")
                    if message["msg"] == "process_generating":
                        values = _grown(values, message["output"]["data"])
                        yield [_value(each) for each in values]
                elif message["msg"] == "close_stream":
                    return
                elif message["msg"] == "unexpected_error":
                    raise AssertionError(f"failed: {message['message']}")


def _grown(before: list[Any], data: list[Any]) -> list[Any]:
    """The first message holds the values, each one after it what is to be changed in them."""
    if not before:
        return data
    return [_changed(value, changes) for value, changes in zip(before, data, strict=True)]


def _changed(value: Any, changes: list[Any]) -> Any:
    for action, path, new in changes:
        value = _edited(value, path, action, new)
    return value


def _edited(value: Any, path: list[Any], action: str, new: Any) -> Any:
    if not path:
        return value + new if action == "append" else new
    key, *rest = path
    value = list(value) if isinstance(value, list) else dict(value)
    if rest:
        value[key] = _edited(value[key], rest, action, new)
    elif action == "delete":
        del value[key]
    elif action == "append":
        value[key] = value[key] + new
    elif action == "add" and isinstance(value, list):
        value.insert(key, new)
    else:
        value[key] = new
    return value


def _value(output: Any) -> Any:
    """A component's new value; None for an update that leaves the value alone."""
    if isinstance(output, dict) and output.get("__type__") == "update":
        return output.get("value")
    return output


def _text(message: dict[str, Any]) -> str:
    content = message["content"]
    if isinstance(content, list):
        return "".join(part["text"] if isinstance(part, dict) else part for part in content)
    return str(content)


def gold_questions() -> list[str]:
    """The questions of the gold set that stand alone, in an order that says nothing."""
    lines = [line for file in sorted(GOLD.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    asked = [example["question"] for example in map(json.loads, lines) if not example.get("history")]
    random.Random(1).shuffle(asked)
    return asked


def run_asker(
    url: str,
    config: dict[str, Any],
    questions: Iterator[str],
    number: int,
    pause: float,
    until: float,
    total: Tally,
    lock: threading.Lock,
) -> None:
    """Asks one question after the other until it is time; a new conversation, as a new reader, after every fifth."""
    idle = threading.Event()
    own = Tally()
    while time.monotonic() < until:
        with httpx.Client(base_url=url, timeout=60) as client:
            try:
                asker = Asker(client, config, number)
                for question in itertools.islice(questions, 5):
                    asker.ask(question, own)
                    idle.wait(pause)
                    if time.monotonic() >= until:
                        break
            except (httpx.HTTPError, AssertionError) as error:
                own.wrong.append(f"asker {number}: {error}")
    with lock:
        total.first += own.first
        total.whole += own.whole
        total.wrong += own.wrong


def main() -> int:
    """Runs the askers and prints one line of figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="the address that `python app.py` prints")
    parser.add_argument("--askers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--pause", type=float, default=0, help="seconds that each reads an answer before asking again")
    parser.add_argument("--limit", type=float, default=3.0, help="most seconds that 95 of 100 questions may take")
    options = parser.parse_args()
    url = options.url.rstrip("/")
    if not urlsplit(url).scheme:
        parser.error(f"{options.url!r} is no address; write it as http://127.0.0.1:7860")
    total, lock = Tally(), threading.Lock()
    with httpx.Client(base_url=url, timeout=60) as client:
        config = client.get("/config").raise_for_status().json()
        Asker(client, config, 0).ask("Are you open?", Tally())
    until = time.monotonic() + options.seconds
    asked = gold_questions()
    apart = len(asked) // options.askers  # so that no two ask the same at the same time
    threads = [
        threading.Thread(
            target=run_asker,
            args=(url, config, itertools.islice(itertools.cycle(asked), n * apart, None), n, options.pause, until, total, lock),
        )
        for n in range(options.askers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for words in total.wrong[:20]:
        print(words, file=sys.stderr)
    figures = {
        "askers": options.askers,
        "seconds": options.seconds,
        "pause": options.pause,
        "answers": len(total.whole),
        "wrong": len(total.wrong),
    }
    for name, seconds in (("first", total.first), ("whole", total.whole)):
        if len(seconds) > 1:
            cuts = statistics.quantiles(seconds, n=100, method="inclusive")
            figures |= {
                f"{name}_p50": round(cuts[49], 3),
                f"{name}_p95": round(cuts[94], 3),
                f"{name}_max": round(max(seconds), 3),
            }
    print(json.dumps(figures))
    return int(bool(total.wrong) or figures.get("whole_p95", options.limit + 1) > options.limit)


if __name__ == "__main__":
    raise SystemExit(main())
