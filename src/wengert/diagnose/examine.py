"""One traced run of a function, looked at call by call.

examiner = Examiner()
tape = ExaminedTape(examiner)
...                             f runs, the list is swept
examiner.findings()             zeros by rule, lower precision, kinks, lost digits, NaN and infinity: each with its line
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from wengert.diagnose.conditions import losses, plain
from wengert.diagnose.findings import Finding, Verdict
from wengert.diagnose.kinks import at_kink
from wengert.errors import function_name
from wengert.rules.verbs import Constant, Elementwise
from wengert.rules.vocabulary import Traced, bottom
from wengert.trace.dispatch import tensors
from wengert.trace.tape import LISTS, counts
from wengert.trace.tensor import Number, Scalar, Tensor, View, become
from wengert.watch.advice import advice
from wengert.watch.guard import deed, scene
from wengert.watch.lines import Line, here
from wengert.watch.notes import Called, Watcher
from wengert.watch.origins import Origin, first, short_name
from wengert.watch.traces import WatchedTape

ENOUGH = 1000  # calls of one function on one line that are looked at; later ones are like these


class Examiner(Watcher):
    """Looks at each call of a traced run, and remembers what it found, by line."""

    def __init__(self) -> None:
        self.calls: Counter[Line] = Counter()
        self.looked: Counter[tuple[Line, Any]] = Counter()
        self.found: dict[tuple[Any, ...], Finding] = {}
        self.compared: set[Line] = set()  # lines with comparisons
        self.functions: dict[str, Line] = {}  # by name, where each was first called
        self.origins: list[tuple[Origin, str]] = []

    # --- what it is told ---

    def called(self, call: Called) -> None:
        self.calls[call.line] += 1
        f = None if call.row is None else call.row.f
        if f is not None:
            self.functions.setdefault(short_name(f), call.line)
        self.looked[call.line, f] += 1
        if self.looked[call.line, f] <= ENOUGH:
            for finding in examined(call, self.compared):
                self.add(finding)

    def reached(self, origin: Origin, where: str) -> None:
        if not any(origin is known for known, _ in self.origins):
            self.origins.append((origin, where))

    def left(self, what: str) -> None:
        """A traced value was asked for its value alone."""
        self.add(Finding("zero", f"{what}: what it is used for has derivative 0", here(), what))

    # --- what it found ---

    def add(self, finding: Finding) -> None:
        key = finding.line, finding.verdict, finding.function, finding.note.partition(":")[0]
        known = self.found.get(key)
        self.found[key] = finding if known is None else dataclasses.replace(known, times=known.times + 1)

    def findings(self) -> list[Finding]:
        together: dict[int, list[tuple[Origin, str]]] = {}
        for origin, where in self.origins:
            together.setdefault(id(origin.root), []).append((origin, where))
        return [*self.found.values(), *map(not_finite, together.values())]


def not_finite(told: list[tuple[Origin, str]]) -> Finding:
    """The finding of what one call broke, and where that came through."""
    origin, root = told[-1][0], told[-1][0].root
    where = " and ".join(where for _, where in told)
    note = f"{deed(root)}, and {where}: {scene(root)}"
    if root is not origin:
        note += f"; {deed(origin, then=True)}" + (f" ({origin.line.place})" if origin.line and origin.line != root.line else "")
    remedy = advice(origin)
    return Finding("nan", note + (f". {remedy}" if remedy else ""), root.line, root.function, root.index)


# --- one call -------------------------------------------------------------------------------------------------------------


def examined(call: Called, compared: set[Line]) -> Iterator[Finding]:
    """What there is to say of one call."""
    yield from zero(call, compared)
    if call.row is not None and (found := at_kink(call.row.f, bottom(call.y), plain(call.args), call.kwargs)) is not None:
        mask, convention = found
        yield located("kink", call, f"{short_name(call.row.f)} at a kink: {convention}", mask)
    yield from lowered(call)
    sketches = tuple(call.trace.sketch(a) for a in call.args if isinstance(a, Traced))
    for loss in losses(call, sketches):
        yield located("ill", call, loss.what, loss.mask)


def located(verdict: Verdict, call: Called, note: str, mask: Any = None) -> Finding:
    name = "" if call.row is None else short_name(call.row.f)
    if mask is None or np.ndim(mask) == 0:
        return Finding(verdict, note, call.line, name)
    return Finding(verdict, note, call.line, name, first(mask), int(np.count_nonzero(mask)), int(np.size(mask)))


def zero(call: Called, compared: set[Line]) -> Iterator[Finding]:
    """A result that is piecewise constant, or a comparison that is used as a number."""
    row = call.row
    if row is None:
        return
    name = short_name(row.f)
    if isinstance(row, Constant):
        if name in COMPARISONS:
            compared.add(call.line)
        elif name not in ABOUT and function_name(row.f).startswith(("numpy.", "scipy.")):
            yield located("zero", call, f"{name}: piecewise constant, its derivative is 0")
    elif counts(bottom(call.y)):
        yield located("zero", call, f"{name} to {np.result_type(bottom(call.y))}: integers have derivative 0")
    elif isinstance(row, Elementwise):
        if any(isinstance(a, Traced) and d == 0 for a, d in zip(call.args, row.partials, strict=False) if not callable(d)):
            yield located("zero", call, f"{name}: piecewise constant in an operand, by which its derivative is 0")
        if call.line in compared and any(truth(a) for a in call.args):
            yield located("zero", call, f"a comparison enters {name} as a number: its derivative is 0")


def truth(a: Any) -> bool:
    return isinstance(a, bool | np.bool_) or (isinstance(a, np.ndarray) and not isinstance(a, Traced) and a.dtype == bool)


COMPARISONS = frozenset(
    (
        *(
            "less",
            "less_equal",
            "equal",
            "not_equal",
            "greater",
            "greater_equal",
            "isclose",
            "allclose",
            "array_equal",
            "array_equiv",
        ),
        *("logical_and", "logical_or", "logical_not", "logical_xor", "all", "any"),
        *("isnan", "isinf", "isfinite", "isneginf", "isposinf", "isin", "in1d", "signbit"),
    )
)
"""They make conditions; the derivative is that of the branch, and none is lost."""

ABOUT = frozenset(
    (
        *(
            "shape",
            "ndim",
            "size",
            "result_type",
            "can_cast",
            "common_type",
            "min_scalar_type",
            "may_share_memory",
            "shares_memory",
        ),
        *("isreal", "iscomplex", "isrealobj", "iscomplexobj", "isscalar", "array_repr", "array_str", "array2string"),
        *("tril_indices_from", "triu_indices_from", "diag_indices_from", "einsum_path", "linalg.matrix_rank"),
    )
)
"""They tell of an array, not of its numbers."""


def lowered(call: Called) -> Iterator[Finding]:
    """A result in lower precision than a traced operand."""
    operands = [a.dtype for a in tensors((*call.args, *call.kwargs.values())) if a.dtype.kind in "fc"]
    if call.row is None:
        x, _, v = call.args
        if isinstance(v, Traced) and precision(x.dtype) < precision(v.dtype):
            yield Finding("float32", f"{v.dtype} is written into an array of {x.dtype}: its digits are lost", call.line)
        return
    if isinstance(call.row, Constant) or not operands:
        return
    highest = max(operands, key=precision)
    for y in tensors(call.y if isinstance(call.y, LISTS) else (call.y,)):
        if precision(y.dtype) < precision(highest):
            yield located("float32", call, f"{short_name(call.row.f)} makes {y.dtype} of {highest}: its digits are lost")


def precision(dtype: Any) -> int:
    """The bits of its mantissa."""
    return int(np.finfo(dtype).nmant) if np.dtype(dtype).kind in "fc" else math.inf  # type: ignore[return-value]


# --- values that are asked for alone ------------------------------------------------------------------------------------


class Telling:
    """A tensor that tells when it is asked for its value, or for an integer."""

    __slots__ = ()
    _trace: Any

    def let_go(self) -> Any:
        self._trace.notes.watcher.left("its value alone is taken (stop_gradient)")
        return super().let_go()  # type: ignore[misc]

    def __int__(self) -> int:
        self._trace.notes.watcher.left("int(x)")
        return super().__int__()  # type: ignore[misc]

    def __trunc__(self) -> int:
        self._trace.notes.watcher.left("math.trunc(x)")
        return super().__trunc__()  # type: ignore[misc]

    def __floor__(self) -> int:
        self._trace.notes.watcher.left("math.floor(x)")
        return super().__floor__()  # type: ignore[misc]

    def __ceil__(self) -> int:
        self._trace.notes.watcher.left("math.ceil(x)")
        return super().__ceil__()  # type: ignore[misc]

    def __round__(self, digits: int | None = None) -> Any:
        self._trace.notes.watcher.left("round(x)")
        return super().__round__(digits)  # type: ignore[misc]


class TellingTensor(Telling, Tensor):
    """The same of a Tensor."""

    __slots__ = ()


class TellingNumber(Telling, Number):
    """The same of a Number."""

    __slots__ = ()


class TellingScalar(Telling, Scalar):
    """The same of a Scalar."""

    __slots__ = ()


class TellingView(Telling, View):
    """The same of a View."""

    __slots__ = ()


TELLING: dict[type, type] = {Tensor: TellingTensor, Scalar: TellingScalar, Number: TellingNumber, View: TellingView}


class ExaminedTape(WatchedTape):
    """A watched tape, whose tensors tell when they are asked for their values."""

    __slots__ = ()

    def see(self, t: Any) -> Any:
        become(t, TELLING.get(type(t), type(t)))
        return t

    def lift(self, value: Any) -> Tensor:
        return self.see(super().lift(value))
