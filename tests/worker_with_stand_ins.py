"""The real worker, with stand-ins for jobs: any job with `model=WORD` does what the word says.

Run as a script; it shows how worker and client behave without any training.
"""

import os
import subprocess
import sys
import time

from cell_events import jobs, worker


def chatter():
    sys.stdout.write("a library prints\n")
    os.write(1, b"and so does its C code\n")
    subprocess.run([sys.executable, "-c", "print(input())"], check=False)
    yield jobs.Result({"printed": True})


def value_error():
    raise ValueError("The movie has one frame;\n expected two.")
    yield


def bug():
    raise KeyError("t")
    yield


def nothing():
    yield jobs.Progress("wait", 0, 0)


def endless():
    done = 0
    try:
        while True:
            done += 1
            yield jobs.Progress("endless", done, 0)
            time.sleep(0.01)
    finally:
        sys.stderr.write("endless was closed\n")


def hang():
    yield jobs.Progress("hang", 0, 1)
    time.sleep(60)


def crash():
    yield jobs.Progress("crash", 0, 1)
    os._exit(9)


def count():
    for done in range(2000):
        yield jobs.Progress("count", done, 2000, {"loss": 1 / (done + 1)}, 1.0)
    yield jobs.Result({"counted": 2000})


def niceness():
    yield jobs.Result({"niceness": os.nice(0)})


def torch():
    import torch

    torch.set_num_threads(1)
    yield jobs.Progress("torch", 0, 1)
    yield jobs.Result({})


def slow():
    for done in range(30):
        yield jobs.Progress("slow", done, 30)
        time.sleep(0.1)
    yield jobs.Result({"done": 30})


def uneven():
    for seconds in (0, 1.0, 1.2, 0):
        time.sleep(seconds)
        yield jobs.Progress("uneven", 0, 0)
    yield from endless()


POLITE = (uneven, chatter, nothing, endless, count, niceness, torch, slow)
RUDE = (value_error, bug, hang, crash)
STAND_INS = {function.__name__: function for function in (*POLITE, *RUDE)}

if __name__ == "__main__":
    jobs.run = lambda job: STAND_INS[job.model.stem]()
    worker.main()
