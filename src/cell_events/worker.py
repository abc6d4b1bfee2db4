"""The worker process: one job at a time, JSON lines in, JSON lines out.

`python -m cell_events.worker` reads requests, one JSON object a line, from its standard input:

    {"id": 1, "job": {...}}     run this job (`jobs.to_json` makes the object)
    {"stop": 1}                 stop job 1 at its next report, or forget it if it still waits
    {"pause": 1}                hold job 1 still from its next report on
    {"resume": 1}               let it go on

and answers on its standard output:

    {"id": 1, "progress": {...}}   {"id": 1, "result": {...}}
    {"id": 1, "error": "one sentence"}   {"id": 1, "stopped": true}
    {"id": 1, "paused": true}   {"id": 1, "paused": false}

Progress also says what is computed on (`device`) and how much memory is used (`memory_mb`).
Tracebacks, and whatever a library prints, go to standard error. The process runs at low priority
and ends when its standard input closes: at the job's next report, or after `GRACE_S` seconds.

`python -m cell_events.worker --finish RUNFILE` does one job to its end instead, without anybody
listening, and leaves what came of it beside the run file (see `worker_finish`).
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from cell_events import jobs
from cell_events.worker_finish import finish, one_sentence
from cell_events.worker_inbox import Answers, Inbox
from cell_events.worker_priority import lower_priority, sleep_while_waiting
from cell_events.worker_progress import ProgressThinner, Resources

FINISH = "--finish"


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
    thinner, resources = ProgressThinner(), Resources(job.get("device"))
    with closing(cast("Any", jobs.run(jobs.from_json(job)))) as reports:
        for report in reports:
            if isinstance(report, jobs.Result):
                yield from map(resources.progress, thinner.flush())
                yield jobs.report_to_json(report)
                return
            yield from map(resources.progress, thinner.add(report))
            if inbox.wants_pause(job_id):
                yield from map(resources.progress, thinner.flush())
                yield from _pause(job_id, inbox)
            if inbox.wants_stop(job_id):
                yield {"stopped": True}
                return
    raise RuntimeError(f"The job {job.get('verb', '')!r} ended without a result.")


def _pause(job_id: int, inbox: Inbox) -> Iterator[dict[str, Any]]:
    """Hold still; say when that begins and, unless the job is to stop, when it ends."""
    yield {"paused": True}
    inbox.wait_while_paused(job_id)
    if not inbox.wants_stop(job_id):
        yield {"paused": False}


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


def serve() -> None:
    """Answer requests until the standard input closes."""
    requests, answer_stream = private_streams()
    answers = Answers(answer_stream)
    inbox = Inbox(requests, answers)
    inbox.start()
    for request in inbox:
        run_request(request, inbox, answers)
    sys.stderr.flush()
    os._exit(0)  # the daemon thread may hold the stream's lock; there is nothing left to save


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve whoever started this process, or finish the run that the arguments name."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to whoever started the worker
    lower_priority()
    sleep_while_waiting()
    if words[:1] == [FINISH]:
        sys.exit(finish(Path(words[1])))
    serve()


if __name__ == "__main__":
    main()
