"""The measured side: one process for one framework and one scenario, which answers its parent line by line in JSON.

`bench.run` starts it: `python -m bench.worker torch W1 '{"rounds": 7, …}'`. It says how the first call went (or
why there is none), then takes a turn of samples for each line that it reads.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TextIO

from bench import frameworks, workloads
from bench.frameworks import Framework, Prepared
from bench.scenario import SQUARE, Answer, NotAvailable, Scenario, disagreement
from bench.settings import Settings


class WrongAnswer(Exception):
    """The call disagrees with the known answer, so its time means nothing."""


STATES: dict[type[Exception], str] = {NotAvailable: "missing", WrongAnswer: "wrong"}


def main() -> None:
    """Report until the input ends; an exception is the last report, and its parent prints it."""
    framework, scenario = frameworks.named(sys.argv[1]), workloads.named(sys.argv[2])
    settings = Settings(**json.loads(sys.argv[3]))
    replies = private_output()
    try:
        for report in reports(framework, scenario, settings):
            print(json.dumps(report), file=replies, flush=True)
            if not sys.stdin.readline():
                return
    except Exception as error:
        state = STATES.get(type(error), "error")
        reason = f"{type(error).__name__}: {error}" if state == "error" else str(error)
        print(json.dumps({"state": state, "reason": " ".join(reason.split())}), file=replies, flush=True)


def private_output() -> TextIO:
    """The real standard output, for replies alone: what a framework prints goes to standard error."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return replies


def reports(framework: Framework, scenario: Scenario, settings: Settings) -> Iterator[dict[str, Any]]:
    """The first call, compilation included; then turn after turn. Only calls that were right are timed."""
    adapter = available(framework, scenario)
    adapter.prepare(SQUARE, framework).call()  # a framework's own start is no scenario's first call
    gc.collect()
    memory, start = peak_memory(), time.perf_counter()
    prepared: Prepared = adapter.prepare(scenario, framework)
    result = prepared.call()
    first = {"state": "timed", "first": time.perf_counter() - start, "memory": peak_memory() - memory}
    known = scenario.answer()
    check(prepared.read(result), known, scenario)
    yield first

    del result
    start = time.perf_counter()
    result = prepared.call()
    alone = time.perf_counter() - start
    check(prepared.read(result), known, scenario)  # what is kept or compiled after the first call can be wrong too
    count = 1
    if alone < settings.turn:
        count = repeats(prepared.call, settings)
        check(prepared.read(prepared.call()), known, scenario)
    else:
        yield {"samples": [alone]}
    while True:
        yield {"samples": turn(prepared.call, count, settings)}


def available(framework: Framework, scenario: Scenario) -> ModuleType:
    """The adapter, if the scenario leaves this framework in and it is installed."""
    if framework.name in scenario.left_out:
        raise NotAvailable(scenario.left_out[framework.name])
    try:
        return importlib.import_module(framework.adapter)
    except ModuleNotFoundError as error:
        if error.name != framework.module:
            raise
        raise NotAvailable(f"{framework.module} is not installed") from None


def check(found: Answer, known: Answer, scenario: Scenario) -> None:
    """Raise if the answer is not the known one."""
    if fault := disagreement(found, known, scenario.rtol):
        raise WrongAnswer(fault)


def peak_memory() -> int:
    """The largest resident size so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(call: Callable[[], Any], count: int) -> float:
    """Seconds for `count` calls. The garbage collector stays on, as it is for users."""
    again = itertools.repeat(None, count)
    start = time.perf_counter()
    for _ in again:
        call()
    return time.perf_counter() - start


def repeats(call: Callable[[], Any], settings: Settings) -> int:
    """How many calls fill one sample, found while warming up."""
    start, count = time.perf_counter(), 1
    while (spent := timed(call, count)) < settings.sample:
        count = max(count + 1, min(10 * count, int(1.2 * count * settings.sample / spent)))
    while time.perf_counter() - start < settings.warm_up:
        timed(call, count)
    return count


def turn(call: Callable[[], Any], count: int, settings: Settings) -> list[float]:
    """Seconds a call, once for each sample that fits into a turn."""
    samples: list[float] = []
    start = time.perf_counter()
    while not samples or time.perf_counter() - start < settings.turn:
        samples.append(timed(call, count) / count)
    return samples


if __name__ == "__main__":
    main()
