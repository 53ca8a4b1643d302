"""An OpenAI-compatible server on loopback that misbehaves as it is told."""

from __future__ import annotations

import json
import select
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

REPLY = "Rain fell in Leeds on 5 March 2024."


class FaultyServer:
    """Answers one request after the other as its plan says, the last entry again and again.

    `ok` (or any other text): a whole reply. `cut`: the stream ends without a word about why. `reset`: it ends in the middle of
    a chunk. `garbage`: no JSON. `empty`: no words. `silent`: nothing at all until the client leaves. `stalled`: one word, then
    nothing. `stalled after …`: those words, then nothing. `endless`: words without end. A number: that status.
    """

    def __init__(self, plan: Sequence[str | int]) -> None:
        self._plan = list(plan)
        self.requests: list[dict[str, object]] = []
        self.keys: list[str | None] = []
        self.left = threading.Event()  # a client closed its connection before the reply was over
        self.arrived = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                step = owner._plan[min(len(owner.requests), len(owner._plan) - 1)]
                owner.requests.append(body)
                owner.keys.append(self.headers.get("Authorization"))
                owner.arrived.set()
                try:
                    owner._answer(self, step)
                except (BrokenPipeError, ConnectionResetError):
                    owner.left.set()
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler, step: str | int) -> None:
        if isinstance(step, int):
            body = json.dumps({"error": {"message": f"no luck, secret prompt words and key {request.headers}"}}).encode()
            request.send_response(step)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
            return
        if step == "silent":
            self._wait_for_departure(request)
            return
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Connection", "close")
        request.close_connection = True
        if step == "reset":
            request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        match step:
            case "garbage":
                request.wfile.write(b"data: {]]\xff\xfe nothing that can be read\n\n")
            case "reset":
                request.wfile.write(b"1000\r\n" + _event({"content": "Rain fell"}))
            case "cut":
                request.wfile.write(_event({"content": REPLY[:20]}))
            case "stalled":
                request.wfile.write(_event({"content": "Rain "}))
                request.wfile.flush()
                self._wait_for_departure(request)
            case str() if step.startswith("stalled after "):
                request.wfile.write(_event({"content": step.removeprefix("stalled after ")}))
                request.wfile.flush()
                self._wait_for_departure(request)
            case "endless":
                while True:
                    request.wfile.write(_event({"content": "and it rained "}))
                    request.wfile.flush()
            case _:
                text = {"ok": REPLY, "empty": ""}.get(step, step)
                for at in range(0, len(text), 5):
                    request.wfile.write(_event({"content": text[at : at + 5]}))
                request.wfile.write(_event({}, "stop") + _usage() + b"data: [DONE]\n\n")

    def _wait_for_departure(self, request: BaseHTTPRequestHandler) -> None:
        readable, _, _ = select.select([request.connection], [], [], 20)
        if readable and not request.connection.recv(1):
            self.left.set()
        request.close_connection = True


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant"} | delta, "finish_reason": finish_reason}
    return _line({"choices": [choice]})


def _usage() -> bytes:
    return _line({"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}})


def _line(values: dict[str, object]) -> bytes:
    common = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "fake"}
    return b"data: " + json.dumps(common | values).encode() + b"\n\n"
