"""The function itself, run plainly: what it raises, what it changes, and whether it says the same twice.

value, steady, findings = plainly(f, args)

Wengert protects arguments from being overwritten; a plain call does not. And a derivative is of one function: what draws random
numbers, counts its calls, or reads a buffer that it changes, is another one at each call.
"""

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from wengert import tree
from wengert.diagnose.findings import Finding
from wengert.diagnose.subject import fresh, parameter, titles
from wengert.diff.arguments import enter
from wengert.diff.calling import call
from wengert.diff.captured import captured, changes
from wengert.rules.vocabulary import bottom
from wengert.trace.tape import same_bytes
from wengert.trace.tensor import Tensor
from wengert.watch.lines import Line, raised_at
from wengert.watch.notes import Called, Watcher
from wengert.watch.traces import WatchedTape


class Refused(Exception):
    """The function raised, so there is nothing to go on with; the finding says where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.note)
        self.finding = finding


def plainly(f: Any, args: tuple[Any, ...]) -> tuple[Any, bool, list[Finding]]:
    """The value of f at args, whether a second call gives the same, and what the calls changed."""
    before, given = captured(f), fresh(args)
    value = run(f, given, "f itself raised")
    kept = tree.map(lambda a: np.copy(a) if isinstance(a, np.ndarray) else a, value)
    findings = [*overwritten(f, args, given), *moved(f, before)]
    again = run(f, fresh(args), "f raised when it was called again:")
    return kept, same(kept, again), findings


UNSTEADY = (
    "two calls with the same arguments give different values: f draws random numbers, counts its calls, or reads what it changes"
)


def run(f: Any, args: tuple[Any, ...], what: str) -> Any:
    try:
        return f(*args)
    except Exception as error:
        raise Refused(Finding("error", f"{what} {said(error)}", raised_at(error))) from error


def said(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def overwritten(f: Any, args: tuple[Any, ...], given: tuple[Any, ...]) -> Iterator[Finding]:
    """The arguments that a plain call changes, and the line that does."""
    for i, (old, new) in enumerate(zip(args, given, strict=True)):
        names = titles(old, f"argument {i}{parameter(f, i)}")
        for name, a, b in zip(names, tree.flatten(old)[0], tree.flatten(new)[0], strict=True):
            if isinstance(a, np.ndarray) and not same_bytes(a, b):
                yield Finding("changed", f"f writes into {name}: the caller's array is another one afterwards", writer(f, args))


def writer(f: Any, args: tuple[Any, ...]) -> Line | None:
    """The line that writes into an argument: the one that raises when none may be written."""
    locked = fresh(args)
    for a in tree.flatten(locked)[0]:
        if isinstance(a, np.ndarray):
            a.flags.writeable = False
    try:
        f(*locked)
    except ValueError as error:
        return raised_at(error) if "read-only" in str(error) else None
    except Exception:
        return None
    return None


def moved(f: Any, before: Any) -> Iterator[Finding]:
    """What f reads besides its arguments, and what was something else after the call."""
    for name in changes(f, before):
        yield Finding("changed", f"{name}, which f reads, changed while f ran: pass it as an argument, or work on a copy")


def same(a: Any, b: Any) -> bool:
    """Whether two results are the same to the bit."""
    xs, ys = tree.flatten(a)[0], tree.flatten(b)[0]
    return len(xs) == len(ys) and all(map(equal, xs, ys))


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray | np.generic | float | complex):
        return same_bytes(np.asarray(a), np.asarray(b))
    return type(a) is type(b)


# --- which line it is -----------------------------------------------------------------------------------------------------


def unsteady(f: Any, args: tuple[Any, ...], argnums: tuple[int, ...]) -> Line | None:
    """The first line that made other values in a second traced run."""
    first, second = (prints(f, args, argnums) for _ in range(2))
    return next((line for line in first if first[line] != second.get(line)), None)


def prints(f: Any, args: tuple[Any, ...], argnums: tuple[int, ...]) -> dict[Line, int]:
    """A fingerprint of what each line made, in their order."""
    watcher = Printer()
    tape = WatchedTape(watcher)
    try:
        new, _, _ = enter(tape.lift, f, fresh(args), {}, argnums)
        call(f, new, {}, tape)
    finally:
        tape.finish()
    return watcher.found


class Printer(Watcher):
    """Takes fingerprints, by line."""

    def __init__(self) -> None:
        self.found: dict[Line, int] = {}

    def called(self, call: Called) -> None:
        y = call.args[2] if call.row is None else call.y
        if isinstance(y, Tensor | np.ndarray | float):
            data = np.ascontiguousarray(np.asarray(bottom(y))).tobytes()
            self.found[call.line] = zlib.crc32(data, self.found.get(call.line, 0))
