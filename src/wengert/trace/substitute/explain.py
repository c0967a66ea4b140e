"""What substitution does to a function, told without running it.

print(explain(f))      each function that is reached, the names that are replaced in it, and what stays out of reach, and why
"""

import functools
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from wengert.errors import function_name
from wengert.trace.substitute.names import QUIET, stand_in
from wengert.trace.substitute.program import Program
from wengert.trace.substitute.reading import MISSING, Reading, content, meaning, reading, refusal, within
from wengert.trace.substitute.users import functions_of, has_methods, is_made, is_users

What = Literal["replaced", "reached", "left"]


@dataclass(frozen=True)
class Line:
    """One name in one function: what happens to it."""

    function: str
    name: str
    what: What
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """What `explain` returns: lines, to be printed or looked through."""

    lines: tuple[Line, ...]

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __str__(self) -> str:
        width = max((len(line.name) for line in self.lines), default=0)
        text: list[str] = []
        for k, line in enumerate(self.lines):
            if k == 0 or line.function != self.lines[k - 1].function:
                text.append(f"{line.function}:")
            text.append(f"  {line.name:{width}}  {line.what}{': ' + line.note if line.note else ''}")
        return "\n".join(text) or "nothing is replaced"

    def __repr__(self) -> str:
        return str(self)


def explain(f: Any) -> Explanation:
    """Tell what would be replaced when f is differentiated, what its functions and methods reach, and what is out of reach.

    >>> import math, numpy as np, wengert as wg
    >>> def area(r):
    ...     z = np.zeros(2)
    ...     z[0] = math.pi * float(r) ** 2
    ...     return z[0]
    >>> print(wg.explain(area))
    area:
      float     replaced
      np.zeros  replaced
    """
    lines: list[Line] = []
    seen: set[int] = set()
    program = Program()
    program.survey(*functions_of(f))
    for g in functions_of(f):
        visit(g, program, lines, seen)
    return Explanation(tuple(lines))


def visit(f: Any, program: Program, lines: list[Line], seen: set[int]) -> None:
    """Lines of a function of a program, then of those that it reaches."""
    if type(f) is not types.FunctionType or id(f) in seen or not is_users(f.__code__):
        return
    seen.add(id(f))
    here = function_name(f).replace("<locals>.", "")
    why = refusal(f.__code__)
    if why:
        lines.append(Line(here, f.__name__, "left", why))
        return
    shown, further = reading(f.__code__), []
    for name, value in sorted(names_of(f, shown), key=lambda pair: pair[0]):
        for line, reached in described(here, name, value, f, shown, program):
            lines.append(line)
            further += reached
    for g in further:
        visit(g, program, lines, seen)


def names_of(f: types.FunctionType, shown: Reading) -> Iterator[tuple[str, Any]]:
    for name in shown.names:
        if (value := meaning(f.__globals__, name)) is not MISSING:
            yield name, value
    for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
        if (value := content(cell)) is not MISSING:
            yield name, value


def worth_telling(value: Any) -> bool:
    return stand_in(value) is not None and id(value) not in QUIET


def described(
    here: str, name: str, value: Any, f: types.FunctionType, shown: Reading, program: Program
) -> Iterator[tuple[Line, list[Any]]]:
    """What happens to one name, and the functions that are reached through it; nothing for what stays as it is."""
    compared = name in shown.left or id(value) in program.kept
    known = type(value) is types.FunctionType and is_users(value.__code__)
    if compared and (stand_in(value) is not None or is_made(value) or known):
        yield Line(here, name, "left", "it is compared, or a key"), []
    elif isinstance(value, types.ModuleType):
        for attribute in sorted({n for code in within(f.__code__) for n in code.co_names}):
            if stand_in(value) is not None and worth_telling(getattr(value, attribute, None)):
                yield Line(here, f"{name}.{attribute}", "replaced"), []
    elif stand_in(value) is not None:
        if id(value) in QUIET:
            return
        yield Line(here, name, "replaced"), []
    elif known:
        why = refusal(value.__code__)
        yield Line(here, name, "left" if why else "reached", why), [] if why else [value]
    elif isinstance(value, functools.partial | types.MethodType | np.vectorize) or is_made(value):
        yield Line(here, name, "reached"), functions_of(value)
    elif isinstance(value, list | tuple | dict | set | frozenset):
        inside = value.values() if isinstance(value, dict) else value
        if any([type(v) is types.FunctionType and is_users(v.__code__) for v in inside]):
            yield Line(here, name, "left", "functions in a container: wg.rewrite them"), []
    elif has_methods(type(value)):
        yield Line(here, name, "left", "methods of an object: differentiate the method itself, or wg.rewrite the class"), []
