"""The measuring side: start one worker for each framework, then let them take turns.

Since everybody is timed in every round, a drift of the machine hits all alike. `measure(W1, FRAMEWORKS, QUICK)` gives
the cells of one row, by framework.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any

from bench.frameworks import Framework
from bench.scenario import Scenario
from bench.settings import Settings, environment

ROOT = Path(__file__).parents[1]


@dataclass
class Cell:
    """One framework at one scenario; `state` is "timed", or "missing", "wrong", "error", "too slow" with a reason.

    `first` and `samples` are seconds; `memory` is what the first call added to the largest resident size, in bytes.
    """

    state: str
    reason: str = ""
    first: float | None = None
    memory: int | None = None
    samples: list[float] = field(default_factory=list)

    @property
    def median(self) -> float | None:
        return statistics.median(self.samples) if self.samples else None


def measure(scenario: Scenario, frameworks: Sequence[Framework], settings: Settings) -> dict[str, Cell]:
    """Time one scenario in every framework that can run it."""
    with ExitStack() as stack:
        workers, cells = {}, {}
        for framework in frameworks:  # one after the other: a first call is timed, and must not compete
            worker = stack.enter_context(started(framework, scenario, settings))
            workers[framework.name], cells[framework.name] = worker, Cell(**worker.hear())
        spent = dict.fromkeys(cells, 0.0)
        for _ in range(settings.rounds):
            for name, cell in cells.items():
                if cell.state == "timed" and spent[name] < settings.budget:
                    start = time.monotonic()
                    take_turn(workers[name], cell)
                    spent[name] += time.monotonic() - start
        return cells


def take_turn(worker: Worker, cell: Cell) -> None:
    """Add a turn of samples to a cell, or what went wrong instead."""
    reply = worker.ask()
    if "samples" in reply:
        cell.samples += reply["samples"]
    else:
        cell.state, cell.reason, cell.samples = reply["state"], reply["reason"], []


@contextmanager
def started(framework: Framework, scenario: Scenario, settings: Settings) -> Iterator[Worker]:
    """A worker's process, which does not outlive the context."""
    command = [sys.executable, "-m", "bench.worker", framework.name, scenario.name, json.dumps(asdict(settings))]
    with tempfile.TemporaryFile("w+") as complaints:
        process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=complaints, text=True, cwd=ROOT, env=environment())
        try:
            yield Worker(process, complaints, settings.limit)
        finally:
            process.kill()
            process.communicate()


@dataclass(frozen=True)
class Worker:
    """The other end of a conversation: a process, its standard error, and how long it may be silent."""

    process: Popen[str]
    complaints: IO[str]
    limit: float

    def hear(self) -> dict[str, Any]:
        """The worker's next reply; its silence or its death is a reply too."""
        silence = threading.Timer(self.limit, self.process.kill)
        silence.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        late = not silence.is_alive()
        silence.cancel()
        if line:
            reply: dict[str, Any] = json.loads(line)
            return reply
        if late:
            return {"state": "too slow", "reason": f"no answer within {self.limit:.0f} s"}
        return {"state": "error", "reason": f"ended with status {self.process.wait()}: {self.last_complaint()}"}

    def ask(self) -> dict[str, Any]:
        """One turn of samples."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write("turn\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the worker has died; `hear` tells how
        return self.hear()

    def last_complaint(self) -> str:
        self.complaints.seek(0)
        return (self.complaints.read().strip().splitlines() or ["without a word"])[-1]
