"""The tree of what was computed from a tracked value, printed.

x = wg.track(2.0, name="x")
z = np.sin(x) * x
print_tree(x)
"""

import sys
from typing import Any, TextIO

import numpy as np

from wengert.diff.track import Tape
from wengert.errors import TraceError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.nodes import Node, Pick, Read, operand_places
from wengert.trace.tensor import Tensor


def print_tree(x: Tensor, file: TextIO | None = None) -> None:
    """Print what was computed from x, step by step, with values and gradients: `none yet` before a sweep.

    A value that is reached twice is printed twice, its own tree only the first time.

    >>> import wengert as wg
    >>> x = wg.track(2.0, name="x")
    >>> y = np.sin(x) * x
    >>> print_tree(x)
    x = 2.0   gradient: none yet
    ├─ sin(x) = 0.9092974268256817   gradient: none yet
    │  └─ multiply(·, x) = 1.8185948536513634   gradient: none yet
    └─ multiply(·, x) = 1.8185948536513634   gradient: none yet
    """
    for line in branches(x, "", "", set()):
        print(line, file=file or sys.stdout)


def branches(x: Tensor, first: str, rest: str, printed: set[int]) -> list[str]:
    """The lines of x's tree; iterative, for graphs of any depth."""
    if not isinstance(x, Tensor) or not isinstance(x._trace, Tape):
        raise TraceError("print_tree shows what was computed from a tracked value: x = wg.track(...)." + user_line())
    tape, offspring = x._trace, x._trace.offspring()
    lines, waiting = [], [(x, first, rest)]
    while waiting:
        t, first, rest = waiting.pop()
        gradient = "none yet" if t.grad is None else text(t.grad)
        lines.append(f"{first}{label(t)} = {text(t.primal)}   gradient: {gradient}")
        if t.place in printed:
            continue
        printed.add(t.place)
        children = [child for place in offspring.get(t.place, ()) for child in tape.at(place)]
        for k in range(len(children) - 1, -1, -1):
            last = k == len(children) - 1
            waiting.append((children[k], rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")))
    return lines


def label(t: Tensor) -> str:
    """The tensor's name, and how it was made."""
    tape: Any = t._trace
    made = "" if t.place in tape.inputs else call_text(tape, tape.nodes[t.place])
    return " = ".join(part for part in (t.name, made) if part) or "·"


def call_text(tape: Any, node: Node) -> str:
    """The call that a node is, with the names of its operands."""
    if node is None:
        return "(consumed)"
    if type(node) is Pick:
        return f"{call_text(tape, tape.nodes.get(node.parent))}[{node.index}]"
    operands = ", ".join(name_at(tape, p) for p in operand_places(node))
    if type(node) is Read:
        return f"{operands}[{node.index}]"
    row = node[0] if type(node) is tuple else node.row
    return "constant" if row is None else f"{function_name(row.f).split('.')[-1]}({operands})"


def name_at(tape: Any, place: int) -> str:
    return next((t.name for t in tape.held(place)[:1] if t.name), "·")


def text(value: Any) -> str:
    plain = bottom(value)
    return np.array2string(plain, separator=", ").replace("\n", "") if isinstance(plain, np.ndarray) else str(plain)
