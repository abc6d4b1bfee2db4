"""The worker's standard streams: requests that arrive while a job runs, and answers to them."""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

GRACE_S = 3.0
EXPECTED = 'expected {"id": 1, "job": {...}}, or {"stop": 1}, {"pause": 1} or {"resume": 1}'


class Inbox:
    """Requests in order of arrival; a thread of its own reads them while a job runs."""

    def __init__(self, stream: BinaryIO, answers: Answers) -> None:
        self._stream = stream
        self._answers = answers
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._wishes = threading.Condition()
        self._stopped: set[int] = set()
        self._paused: set[int] = set()
        self.closed = threading.Event()

    def start(self) -> None:
        """Begin to read, on a daemon thread."""
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each request; end when the stream has closed."""
        while not self.closed.is_set() and (request := self._requests.get()) is not None:
            yield request

    def wants_stop(self, job_id: int) -> bool:
        """Whether this job was told to stop, or nobody listens any more."""
        return self.closed.is_set() or job_id in self._stopped

    def wants_pause(self, job_id: int) -> bool:
        """Whether this job was told to hold still; one that is to stop never is."""
        return job_id in self._paused and not self.wants_stop(job_id)

    def wait_while_paused(self, job_id: int) -> None:
        """Sleep until the job is told to resume or to stop, or the stream closes."""
        with self._wishes:
            self._wishes.wait_for(lambda: not self.wants_pause(job_id))

    def _read(self) -> None:
        for line in self._stream:
            if line.strip():
                self._receive(line)
        with self._wishes:
            self.closed.set()
            self._wishes.notify_all()
        self._requests.put(None)
        time.sleep(GRACE_S)  # a long step may not report in time; files are written atomically
        os._exit(1)

    def _receive(self, line: bytes) -> None:
        """Queue a job, note a wish, or answer that the line is neither."""
        try:
            request = dict(json.loads(line))
            if "job" in request:
                self._requests.put({"id": int(request["id"]), "job": request["job"]})
            else:
                self._note_wish(request)
        except (ValueError, TypeError, KeyError):
            self._answers.send(None, error=f"This line is no request ({EXPECTED}): {line[:80]!r}")

    def _note_wish(self, request: dict[str, Any]) -> None:
        """Remember that a job is to stop, to hold still, or to go on."""
        ((wish, number),) = request.items()
        change = {
            "stop": self._stopped.add,
            "pause": self._paused.add,
            "resume": self._paused.discard,
        }[wish]
        with self._wishes:
            change(int(number))
            self._wishes.notify_all()


class Answers:
    """Lines for whoever started the worker; safe to use from both threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, job_id: int | None, **answer: Any) -> None:
        """Write one line; a reader that is gone is no error, the job then ends by `Inbox`."""
        line = json.dumps({"id": job_id, **answer})
        try:
            with self._lock:
                self._stream.write(line + "\n")
                self._stream.flush()
        except (BrokenPipeError, ValueError):  # ValueError: the stream was closed
            return
