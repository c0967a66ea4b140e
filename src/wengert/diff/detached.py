"""Derivatives that were lost where a function decided by comparing: the function itself is asked, at points nearby.

    def root(a):                       while high - low > 1e-12: low, high = (middle, high) if middle**2 < a else (low, middle)
    wg.grad(root)(2.0)                 DetachedError: root changes with argument 0, but no call leads from there to its result

What was found by comparing alone (bisection, a search in a grid) and what a cache kept from an earlier call bring no derivative with
them. The list says zero of them, as of functions that are constant; only the function can tell. It is asked when no call in the list
leads from an argument to the result, and once of each place in its code that may have searched (trace/course.py).
"""

import linecache
import os
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from wengert import tree
from wengert.diff.arguments import Inputs, chosen
from wengert.diff.beside import unseen
from wengert.diff.kept import Kept
from wengert.errors import DetachedError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.course import Path, Place
from wengert.trace.dispatch import Trace
from wengert.trace.nodes import Record, Ref, Write, operand_places, place_of
from wengert.trace.storage import twin
from wengert.trace.substitute.reading import content
from wengert.trace.substitute.users import under

STEPS = (1e-3, 1e-4, 1e-5)
COARSE = (1e-2, 1e-3)  # of single precision
CLOSE = 1e-3  # part of a slope by which a difference may miss it, at the first step
SMOOTH = 0.1  # part of a slope by which those at all steps, to both sides, may differ from one another: else they tell nothing
APART = 5.0  # times as far as they differ from one another must they be from what the trace says
LOST = 0.02  # part of a slope that is not worth an error
ROUNDING = 100.0  # times the rounding of the result

Ways = list[Any]
"""A direction: for each input an array or number to move along, or None."""

Slope = Callable[[Ways], Any]
"""What the trace says of a direction: the derivative of all numbers in the result, as one vector."""


class Question:
    """Whether a function, called with arguments some of which were traced, changes as its trace says."""

    def __init__(
        self,
        f: Any,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        argnums: tuple[int, ...],
        inputs: Inputs,
        has_aux: bool = False,
    ) -> None:
        self.f, self.args, self.kwargs, self.has_aux = f, args, kwargs, has_aux
        self.keys = chosen(f, argnums, args, kwargs)
        self.inputs = inputs

    def ask(self, loose: Sequence[bool], trace: Trace, values: Sequence[Any], slope: Slope, tangents: Ways | None = None) -> None:
        """Raise DetachedError if f, which gave these values, changes with inputs that are loose, or otherwise than by its slope along
        all of them (or along these tangents), where it may have searched. A function that never asked for the value of what it was
        given is not asked, nor one that said itself that it lets go (wg.stop_gradient).
        """
        course = trace.known
        if course is None or course.released or not course.knows:
            return
        if not any(loose) and (course.ruled or not (course.remembers or course.searches())):
            return
        key = code_of(self.f), course.path, tuple(loose)
        if key in PROVED and not course.remembers:
            return
        if any(loose):
            if self.differs(self.directions(loose), lambda _: 0.0, values):
                raise DetachedError(
                    f"{function_name(self.f)} changes with {self.names(loose)}, but no call leads from there to its result, and the"
                    f" derivative would be 0: the result was {HOW}" + user_line()
                )
        else:
            ways, size = (self.directions([True] * len(self.inputs.values)), 1.0) if tangents is None else self.scaled(tangents)
            if self.differs(ways, lambda ways: slope(ways) / size, values):
                names = self.names([w is not None for w in ways])
                raise DetachedError(
                    f"{function_name(self.f)} changes with {names} otherwise than its derivative says: a value that it depends on was"
                    f" {HOW}{lines_of(course.searches())}" + user_line()
                )
        prove(key)

    def names(self, loose: Sequence[bool]) -> str:
        """The arguments that are loose, as a person would say it."""
        rest, found = iter(loose), []
        for key, part in zip(self.keys, self.inputs.parts, strict=True):
            count = 1 if part is None else sum(part[1])
            if any([next(rest) for _ in range(count)]):
                found.append(f"argument {key!r}" if isinstance(key, str) else f"argument {key}")
        return " and ".join(found)

    # --- directions ---

    def directions(self, free: Sequence[bool]) -> Ways:
        """A direction along the inputs that are free, the same each time."""
        rng = np.random.default_rng(0)
        return [way(bottom(x), rng) if moves else None for x, moves in zip(self.inputs.values, free, strict=True)]

    def scaled(self, tangents: Ways) -> tuple[Ways, float]:
        """Tangents made as long as such a direction, and by how much they were longer."""
        plain = [None if t is None else bottom(t) for t in tangents]
        sizes = [
            np.max(np.abs(t), initial=0.0) / (np.max(np.abs(bottom(x)), initial=0.0) or 1.0)
            for t, x in zip(plain, self.inputs.values, strict=True)
            if t is not None
        ]
        largest = max(sizes, default=0.0) or 1.0
        return [None if t is None else t / largest for t in plain], largest

    # --- differences ---

    @np.errstate(all="ignore")
    def differs(self, ways: Ways, slope: Slope, values: Sequence[Any]) -> bool | None:
        """Whether f is smooth along a direction, by differences at all steps and to both sides, and its slope is another; None where
        f does not tell: it cannot be called there, or does not give these values again.
        """
        self.kept = Kept(self.f, self.args, self.kwargs)
        expected, here, slopes, before = None, None, list[Any](), joined(values)
        steps = STEPS if all([np.finfo(np.result_type(bottom(x))).eps < 1e-10 for x in self.inputs.values]) else COARSE
        for h in steps:
            ahead, behind = (self.at(ways, s) for s in (h, -h))
            if ahead is None or behind is None or ahead.shape != behind.shape:
                return None
            expected = slope(ways) if expected is None else expected
            slopes.append((ahead - behind) / (2 * h))
            rounding = ROUNDING * np.finfo(ahead.dtype).eps * np.linalg.norm(ahead) / h
            if np.shape(expected) not in ((), ahead.shape) or not np.all(np.isfinite(expected)):
                return None
            if np.linalg.norm(slopes[-1] - expected) <= CLOSE * np.linalg.norm(slopes[-1]) + rounding:
                return False
            here = self.at(ways, 0.0) if here is None else here
            if here is None or here.shape != before.shape or ahead.shape != here.shape or slopes[0].shape != here.shape:
                return None
            if not np.linalg.norm(here - before) <= np.sqrt(np.finfo(here.dtype).eps) * np.linalg.norm(before):
                return None
        best = slopes[-1]
        slopes += [(ahead - here) / h, (here - behind) / h]
        spread, size = max(np.linalg.norm(s - best) for s in slopes), np.linalg.norm(best)
        if not spread <= SMOOTH * size or size <= rounding:
            return None
        return bool(np.linalg.norm(best - expected) > max(APART * spread, LOST * size) + rounding)

    def at(self, ways: Ways, h: float) -> Any:
        """What f gives in plain NumPy a step away, as one vector; None where it gives no float, or raises."""
        if not self.kept.whole:
            return None
        try:
            with unseen():
                args, kwargs = self.moved(ways, h)
                y = self.f(*args, **kwargs)
            return joined(tree.flatten(y[0] if self.has_aux else y)[0])
        except Exception:  # one step further f may be undefined; what it says there is not about this point
            return None
        finally:
            self.kept.put_back()

    def moved(self, ways: Ways, h: float) -> tuple[list[Any], dict[str, Any]]:
        """The arguments without traces, their inputs a step away, in copies that f may write into."""
        values = iter([stepped(bottom(x), way, h) for x, way in zip(self.inputs.values, ways, strict=True)])
        new = {key: tree.map(plain_copy, x) for key, x in (*enumerate(self.args), *self.kwargs.items())}
        for key, part in zip(self.keys, self.inputs.parts, strict=True):
            if part is None:
                new[key] = next(values)
            else:
                leaves = tree.flatten(new[key])[0]
                new[key] = tree.unflatten(part[0], [next(values) if t else a for a, t in zip(leaves, part[1], strict=True)])
        return [new[i] for i in range(len(self.args))], {k: new[k] for k in self.kwargs}


HOW = (
    "found by comparing alone, as by bisection or in a grid, or kept from an earlier call. Take a last step from there that computes"
    " with the arguments (one of Newton's), or give it a rule (wg.custom_jvp); keep no results between calls; at a kink, write"
    " np.sum(x * x) for np.linalg.norm(x)**2. wg.stop_gradient says that 0 is meant."
)


def way(x: Any, rng: np.random.Generator) -> Any:
    """A direction for one input, of its shape and dtype, as long as it is itself."""
    size = np.abs(x)
    scale = np.where(size > 0.0, size, np.max(size, initial=0.0) or 1.0)
    v = rng.choice((-1.0, 1.0), np.shape(x)) * rng.uniform(0.5, 1.5, np.shape(x)) * scale
    return v.astype(x.dtype)[()] if hasattr(x, "dtype") else type(x)(v)


def stepped(x: Any, way: Any, h: float) -> Any:
    """A number or an array that was an input, a step away."""
    y = plain_copy(x)
    if way is None or h == 0.0:
        return y
    if not isinstance(x, np.ndarray):
        return type(x)(x + h * way)
    y[...] = x + h * way
    return y


def plain_copy(a: Any) -> Any:
    """A value without traces; an array lies in its copy as it does."""
    a = bottom(a)
    return twin(a) if isinstance(a, np.ndarray) else a


def joined(leaves: Iterable[Any]) -> Any:
    """The floats among results, as one vector."""
    return np.concatenate([np.ravel(a) for a in map(bottom, leaves) if np.result_type(a).kind in "fc"])


# --- what the list says ---


def along(record: Record, refs: Sequence[Ref | None], values: Sequence[Any], inputs: Inputs) -> Slope:
    """The derivative of results, found at these places of a list."""

    def slope(ways: Ways) -> Any:
        with np.errstate(all="ignore"):
            sweep = record.push([(t.place, v, None) for t, v in zip(inputs.tensors, ways, strict=True) if v is not None])
            ts = [None if r is None else sweep[r] for r in refs]
        pairs = zip(ts, map(bottom, values), strict=True)
        return joined([np.zeros(np.shape(y), np.result_type(y)) if t is None else t for t, y in pairs])

    return slope


def loose(record: Record, ends: Iterable[Ref | None], inputs: Inputs) -> list[bool]:
    """Of each input, whether no call in the list leads from there to one of these places."""
    reached = {place_of(r) for r in ends if r is not None}
    for place in range(len(record.nodes) - 1, -1, -1) if reached else ():
        node = record.nodes[place]
        if isinstance(node, Write):
            if node.value is not None and place_of(node.ref) in reached:
                reached.add(place_of(node.value))
        elif place in reached:
            reached.update(operand_places(node))
    return [t.place not in reached for t in inputs.tensors]


# --- what has been asked ---

LIMIT = 4096
Key = tuple[Any, Path, tuple[bool, ...]]
PROVED: dict[Key, None] = {}
"""Functions, the paths on which they were asked, and about which inputs: not again, unless they may have remembered."""


def prove(key: Key) -> None:
    if len(PROVED) >= LIMIT:
        PROVED.pop(next(iter(PROVED)), None)
    PROVED[key] = None


def code_of(f: Any) -> Any:
    """What functions made anew at each call have in common: their code, and that of the functions they close over."""
    made: list[Any] = []  # by which transformations
    while not isinstance(f, types.FunctionType):
        inside = f.__func__ if isinstance(f, types.MethodType) else under(f)
        made.append(type(f))
        if inside is None:
            return tuple(made)
        f = inside
    inside = [getattr(c, "__code__", type(c)) for c in map(content, f.__closure__ or ()) if callable(c)]
    return (*made, f.__code__, *inside)


def lines_of(places: Sequence[Place]) -> str:
    """The lines of the user's that may have searched."""
    shown = {(code.co_filename, line_of(code, at)): None for code, at in places}
    lines = [f"\n  compared in [{os.path.basename(file)}:{line}: {linecache.getline(file, line).strip()}]" for file, line in shown]
    return "".join(lines[:3])


def line_of(code: types.CodeType, at: int) -> int:
    """The line of an instruction."""
    return next((line or 0 for begin, end, line in code.co_lines() if begin <= at < end), 0)
