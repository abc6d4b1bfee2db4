"""The worker process: one job at a time, JSON lines in, JSON lines out.

`python -m cell_events.worker` reads requests, one JSON object a line, from its standard input:

    {"id": 1, "job": {...}}     run this job (`jobs.to_json` makes the object)
    {"stop": 1}                 stop job 1 at its next report, or forget it if it still waits

and answers on its standard output:

    {"id": 1, "progress": {...}}   {"id": 1, "result": {...}}
    {"id": 1, "error": "one sentence"}   {"id": 1, "stopped": true}

Tracebacks, and whatever a library prints, go to standard error. The process runs at low priority
and ends when its standard input closes: at the job's next report, or after `GRACE_S` seconds.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from typing import Any, BinaryIO, TextIO, cast

from cell_events import jobs
from cell_events.worker_priority import lower_priority

GRACE_S = 3.0
PROGRESS_INTERVAL_S = 0.05


class Inbox:
    """Requests in order of arrival; a thread of its own reads them while a job runs."""

    def __init__(self, stream: BinaryIO, answers: Answers) -> None:
        self._stream = stream
        self._answers = answers
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._stopped: set[int] = set()
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

    def _read(self) -> None:
        for line in self._stream:
            if line.strip():
                self._receive(line)
        self.closed.set()
        self._requests.put(None)
        time.sleep(GRACE_S)  # a long step may not report in time; files are written atomically
        os._exit(1)

    def _receive(self, line: bytes) -> None:
        """Queue a job, note a stop, or answer that the line is neither."""
        try:
            request = json.loads(line)
            if "stop" in request:
                self._stopped.add(int(request["stop"]))
            else:
                self._requests.put({"id": int(request["id"]), "job": request["job"]})
        except (ValueError, TypeError, KeyError):
            expected = 'expected {"id": 1, "job": {...}} or {"stop": 1}'
            self._answers.send(None, error=f"This line is no request ({expected}): {line[:80]!r}")


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


def run_request(request: dict[str, Any], inbox: Inbox, answers: Answers) -> None:
    """Run one job; whatever it raises becomes one sentence on the protocol."""
    job_id = request["id"]
    try:
        for answer in _answers_of(request["job"], job_id, inbox):
            answers.send(job_id, **answer)
    except Exception as error:  # noqa: BLE001 - the caller gets the reason, the log the rest
        traceback.print_exc()
        answers.send(job_id, error=one_sentence(error))


def _answers_of(job: dict[str, Any], job_id: int, inbox: Inbox) -> Iterator[dict[str, Any]]:
    """Yield progress, thinned out to a readable rate, then the result, or that it stopped."""
    if inbox.wants_stop(job_id):
        yield {"stopped": True}
        return
    last_stage, last_time = "", 0.0
    with closing(cast("Any", jobs.run(jobs.from_json(job)))) as reports:
        for report in reports:
            if isinstance(report, jobs.Result):
                yield jobs.report_to_json(report)
                return
            if inbox.wants_stop(job_id):
                yield {"stopped": True}
                return
            now = time.monotonic()
            if report.stage != last_stage or now - last_time >= PROGRESS_INTERVAL_S:
                last_stage, last_time = report.stage, now
                yield jobs.report_to_json(report)
    raise RuntimeError(f"The job {job.get('verb', '')!r} ended without a result.")


def one_sentence(error: Exception) -> str:
    """Say in one line what went wrong; kinds that tell nothing by themselves are named."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return f"There is not enough memory for this; try a smaller crop or tile. {text}".strip()
    if isinstance(error, (ValueError, OSError)) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else f"{type(error).__name__} was raised."


def private_streams() -> tuple[BinaryIO, TextIO]:
    """Keep the standard streams for the protocol; prints go to stderr, reads find nothing."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def main() -> None:
    """Answer requests until the standard input closes."""
    requests, answer_stream = private_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to whoever started the worker
    lower_priority()
    answers = Answers(answer_stream)
    inbox = Inbox(requests, answers)
    inbox.start()
    for request in inbox:
        run_request(request, inbox, answers)
    sys.stderr.flush()
    os._exit(0)  # the daemon thread may hold the stream's lock; there is nothing left to save


if __name__ == "__main__":
    main()
