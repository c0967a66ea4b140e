"""Run one idiom, and say what became of its derivatives: they are right, or there is an error that names its line.

    verdict(zeros_filled)        Verdict(state="works")
    verdict(lambda_in_a_dict)    Verdict(state="loud", says="a plain float was asked of a traced value ...", advice="Reach it with ...")

The oracle is the idiom itself, called as the plain function that it is: differences along a random direction. Reverse and forward
mode are each held against it, and each is differentiated again in both. What is neither right nor loud raises AssertionError.
"""

import contextlib
import inspect
import io
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import wengert as wg
from wengert import tree
from wengert.errors import WengertError
from wengert.testing import Estimate, differences

Function = Callable[..., Any]
TOLERANCE = {"float16": 1e-1, "float32": 1e-3}


@dataclass(frozen=True)
class Verdict:
    """The state is "works", or "loud" with what the error says in its first sentence, and in the others."""

    state: str
    says: str = ""
    advice: str = ""


def verdict(f: Function, order: int = 2) -> Verdict:
    """What becomes of the derivatives of f at its defaults; raises AssertionError where they are wrong."""
    with quiet():
        errors = [error for error in attempts(f, order) if error is not None]
    return told(f, errors[0]) if errors else Verdict("works")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What idioms print, and what NumPy says of their numbers and of np.matrix, is not the matter here."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        with np.errstate(all="ignore"):
            yield


# --- derivatives, and differences of the plain function -------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A function where it is differentiated: its arguments, a tangent for them, a cotangent for its result."""

    name: str
    f: Function
    args: tuple[Any, ...]
    ts: Any
    weights: Any

    def forward(self, *args: Any) -> Any:
        return wg.jvp(self.f, args, self.ts)[1]

    def reverse(self, *args: Any) -> Any:
        return wg.vjp(self.f, *args)[1](self.weights)

    def differences(self) -> list[Estimate]:
        return differences(lambda h: numbers(self.f(*moved(self.args, self.ts, h))))


def attempts(f: Function, order: int) -> list[WengertError | None]:
    """Each mode, then each over each: the error that it ends with; None where it is right."""
    place = placed(f.__name__, f, arguments(f))
    found = both(place)
    if order == 1 or any(found):
        return found
    for name, derivative in (("forward", place.forward), ("reverse", place.reverse)):
        found += both(placed(f"the {name} derivative of {f.__name__}", derivative, place.args))
    return found


def placed(name: str, f: Function, args: tuple[Any, ...]) -> Place:
    random = np.random.default_rng(0)
    return Place(name, f, args, tangents(args, random), tangents(f(*copies(args)), random))


def both(place: Place) -> list[WengertError | None]:
    return [attempt(place, hold_forward), attempt(place, hold_reverse)]


def attempt(place: Place, hold: Callable[[Place], None]) -> WengertError | None:
    try:
        hold(place)
    except WengertError as error:
        return error
    return None


def hold_forward(place: Place) -> None:
    """The tangent of each result is what differences give."""
    found = numbers(place.forward(*place.args))
    for ours, truth in zip(found, place.differences(), strict=True):
        agree(f"{place.name}, in forward mode", ours, truth.value, truth.error, tolerance(place))


def hold_reverse(place: Place) -> None:
    """<cotangent of the arguments, tangent> = <cotangent of the result, differences>."""
    found, weights = numbers(place.reverse(*place.args)), numbers(place.weights)
    truth = place.differences()
    error = paired(list(map(np.abs, weights)), [e.error for e in truth])
    ours, theirs = paired(found, numbers(place.ts)), paired(weights, [e.value for e in truth])
    agree(f"{place.name}, in reverse mode", ours, theirs, error, tolerance(place))


def agree(what: str, ours: Any, theirs: Any, error: Any, rtol: float) -> None:
    size = 1.0 + np.max(np.abs(theirs), initial=0.0)
    assert np.all(error <= 1e-2 * size), f"{what}: the differences do not settle: {theirs} ± {error}"
    assert np.all(np.abs(ours - theirs) <= 10 * error + rtol * size), f"{what}: {ours}, by differences {theirs} ± {error}"


def tolerance(place: Place) -> float:
    kinds = [np.result_type(a).name for a in numbers((place.args, place.weights))]
    return max([TOLERANCE.get(kind, 1e-7) for kind in kinds], default=1e-7)


# --- arguments and directions ---------------------------------------------------------------------------------------------


def arguments(f: Function) -> tuple[Any, ...]:
    """Fresh copies of an idiom's defaults; keyword-only ones stay as they are."""
    return copies(tuple(p.default for p in inspect.signature(f).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD))


def copies(args: Any) -> Any:
    return tree.map(lambda a: np.array(a) if isinstance(a, np.ndarray) else a, args)


def tangents(x: Any, random: np.random.Generator) -> Any:
    """A random direction for each number in a container, None for what is not one."""

    def direction(a: Any) -> Any:
        if not inexact(a):
            return None
        size = random.uniform(0.3, 1.0, np.shape(a)) * random.choice((-1.0, 1.0), np.shape(a))
        t = size * (1.0 + 0.5j) if np.iscomplexobj(a) else size
        return np.asarray(t).astype(np.result_type(a))[()]

    return tree.map(direction, x)


def moved(args: Any, ts: Any, h: float) -> Any:
    """The arguments a step away, in float64 at least."""

    def step(a: Any, t: Any) -> Any:
        if not inexact(a):
            return a
        b = np.asarray(a).astype(np.result_type(a, np.float64)) + h * t
        return type(a)(b) if type(a) in (float, complex) else b if isinstance(a, np.ndarray) else b[()]

    leaves, treedef = tree.flatten(args)
    return tree.unflatten(treedef, [step(a, t) for a, t in zip(leaves, treedef.flatten_up_to(ts), strict=True)])


def numbers(x: Any) -> list[Any]:
    """The floating and complex numbers in a container."""
    return [a for a in tree.flatten(x)[0] if inexact(a)]


def inexact(a: Any) -> bool:
    return isinstance(a, float | complex | wg.Tensor) or (isinstance(a, np.ndarray | np.generic) and a.dtype.kind in "fc")


def paired(xs: list[Any], ys: list[Any]) -> float:
    """Re(sum(x y)), the pairing of cotangents and tangents."""
    return float(sum(np.real(np.sum(np.asarray(x) * y)) for x, y in zip(xs, ys, strict=True)))


# --- what an error says ---------------------------------------------------------------------------------------------------


def told(f: Function, error: WengertError) -> Verdict:
    """The sentences of an error, which must name a line of the idiom's file; of what goes in or comes out, the idiom itself."""
    message, _, line = str(error).partition("\n  [")
    file = re.match(r"[^:]+", line)
    own = Path(inspect.getsourcefile(f) or "").name
    named = (file is not None and file[0] == own) or f.__name__ in message
    assert named, f"{f.__name__}: the error does not name the line: {error}"
    says, _, advice = message.partition(". ")
    return Verdict("loud", says.rstrip("."), advice)
