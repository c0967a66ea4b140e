"""The table of rows, and how one is declared: once for each function, read by every trace.

    elementwise(np.sin,   lambda y, x: np.cos(x))
    linear(np.transpose,  lambda g, x, axes=None: np.transpose(g, inverse(axes)), live="moves")
    pair(np.linalg.inv,   jvp=inv_jvp, vjp=inv_vjp)

`rules/row.py` has the conventions, `rules/verbs.py` what each verb answers.
"""

import contextlib
import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import MissingRuleError, RuleError, function_name, user_line
from wengert.rules.row import Row
from wengert.rules.verbs import Composite, Constant, Elementwise, Fresh, Linear, Multilinear, Pair, Several

ROWS: dict[Any, Row] = {}
"""Function -> row. Spellings of one function (np.multiply, operator.mul) share one row."""


class Carrier:
    """A function object that carries its row itself: what users make, also inside functions, must not stay in the table for ever."""

    row: Row | None = None


def declare(row: Row) -> None:
    known = row.f.row if isinstance(row.f, Carrier) else ROWS.get(row.f)
    if known is not None:
        raise twice(row.f, known)
    if isinstance(row.f, Carrier):
        row.f.row = row
    else:
        ROWS[row.f] = row


def twice(f: Any, known: Row) -> RuleError:
    return RuleError(f"{function_name(f)} has a rule already, declared at {known.where}. Change that one.")


def declared_at() -> str:
    caller = sys._getframe(2)
    if caller.f_globals.get("__name__") == "wengert.extend" and caller.f_back is not None:
        caller = caller.f_back
    return f"{caller.f_globals.get('__name__', '?')}:{caller.f_lineno}"


def elementwise(f: Callable[..., Any], *partials: Callable[..., Any] | float | None, **columns: Any) -> None:
    """Declare f by its partial derivatives, each a function of (y, *args) or a number; None: not differentiable there.

    Of a ufunc with several results, y is their tuple, and so is what a partial gives: one derivative a result.
    """
    partials = tuple(float(d) if isinstance(d, int) else d for d in partials)
    verb = Several if getattr(f, "nout", 1) > 1 else Elementwise
    declare(verb(f, partials=partials, where=declared_at(), **{"batch": "broadcast", **columns}))


def linear(f: Callable[..., Any], *transposes: Callable[..., Any] | None, **columns: Any) -> None:
    """Declare f, linear in the operands that have a transpose (g, *args, **kwargs), taken together. Operands arrive as `Like`."""
    declare(Linear(f, transposes=transposes, where=declared_at(), **columns))


def multilinear(f: Callable[..., Any], *transposes: Callable[..., Any] | None, each: Any = None, **columns: Any) -> None:
    """Declare f, linear in each operand by itself; `each=` is one transpose (g, i, *args, **kwargs) for operands without number."""
    declare(Multilinear(f, transposes=each or transposes, where=declared_at(), **columns))


def pair(f: Callable[..., Any], *, jvp: Callable[..., Any], vjp: Callable[..., Any], **columns: Any) -> None:
    """Declare f by its two modes; `operands=` counts the leading differentiable arguments (1)."""
    declare(Pair(f, jvp=jvp, vjp=vjp, where=declared_at(), **columns))


def constant(*functions: Callable[..., Any], definition: Callable[..., Any] | None = None) -> None:
    """Declare functions whose results are piecewise constant or carry no derivative."""
    for f in functions:
        declare(Constant(f, definition=definition, where=declared_at()))


def fresh(*functions: Callable[..., Any]) -> None:
    """Declare functions that make an array like their argument, without reading it."""
    for f in functions:
        declare(Fresh(f, where=declared_at()))


def composite(f: Callable[..., Any], definition: Callable[..., Any]) -> None:
    """Declare f by a definition in other NumPy calls, with f's own signature."""
    declare(Composite(f, definition=definition, where=declared_at()))


def spelled(f: Callable[..., Any], *others: Callable[..., Any]) -> None:
    """Other names of f: operators, aliases."""
    for other in others:
        known = ROWS.setdefault(other, ROWS[f])
        if known is not ROWS[f]:
            raise twice(other, known)


NOT_YET: dict[Any, str] = {}
"""Function -> why it has no row, and what to write instead: what an error says of it (rules/numpy/not_yet.py)."""


def not_yet(reason: str, *functions: Any) -> None:
    """Say of functions why they have no row."""
    for f in functions:
        NOT_YET[f] = reason


METHODS: dict[str, Callable[..., Any]] = {}
"""What a method of any ufunc means, by its name: a function (ufunc, *args, **kwargs) in calls of the ufunc itself."""


def ufunc_method(name: str, definition: Callable[..., Any]) -> None:
    """Declare a method (reduce, accumulate, outer) of all ufuncs that have a row."""
    METHODS[name] = definition


LATE: dict[str, tuple[str, ...]] = {
    "scipy.special": ("wengert.rules.scipy.special", "wengert.scipy.special"),
    "statistics": ("wengert.trace.substitute.averages",),
}
"""Modules of rows, twins and stand-ins that wait for their library, so that importing wengert never imports it; each leaves once
loaded."""


def load_late() -> None:
    """Load the modules whose library is there by now."""
    for library, modules in tuple(LATE.items()):
        if library in sys.modules:
            for module in modules:
                importlib.import_module(module)  # another thread that comes here meanwhile waits for it
            LATE.pop(library, None)


def load(library: str) -> None:
    """Import a library that a call needs, if it is installed, and the modules that wait for it."""
    if library in LATE:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(library)
        load_late()


TWINS: dict[Any, Callable[..., Any]] = {}
"""Another library's function -> ours of the same name and signature, where NumPy's protocols do not hand us its calls."""


def twin(f: Any, ours: Callable[..., Any]) -> None:
    """Declare that ours stands for f."""
    if f in TWINS:
        raise RuleError(f"{function_name(f)} has a twin already, {function_name(TWINS[f])}. Change that one.")
    TWINS[f] = ours


def row_of(f: Any) -> Row:
    """The row of f, or an error that says which row to add."""
    row = f.row if isinstance(f, Carrier) else ROWS.get(f)
    if row is None and isinstance(ufunc := getattr(f, "__self__", None), np.ufunc) and f.__name__ in METHODS:
        return Composite(f, definition=functools.partial(METHODS[f.__name__], ufunc), where=row_of(ufunc).where)
    if row is None and LATE:
        load_late()
        row = ROWS.get(f)
    if row is None:
        from_method = getattr(f, "__self__", None)
        name = f"{function_name(f)}{' of ' + function_name(from_method) if isinstance(from_method, np.ufunc) else ''}"
        raise MissingRuleError(f"{name} has no derivative rule{f': {NOT_YET[f]}' if f in NOT_YET else ADVICE}" + user_line())
    return row


ADVICE = ". Write it in functions that have one, declare one (wengert.extend), or wrap it: wg.primitive."
