"""Of arguments from which nothing leads to the result: whether it is constant in them, or a derivative was lost.

    def root(a):                       while high - low > 1e-12: low, high = (middle, high) if middle**2 < a else (low, middle)
    wg.grad(root)(2.0)                 DetachedError: root changes with argument 0, but no call leads from there to its result

What was found by comparing alone (bisection, a search in a grid) and what a cache kept from an earlier call bring no derivative with
them. The list says zero of them, as of functions that are constant; only the function can tell, at points nearby. It is asked when no
call in the list leads from an argument to the result, which is rare, and in plain NumPy, which is quick.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from wengert import tree
from wengert.diff.arguments import Inputs, chosen
from wengert.errors import REFUSALS, DetachedError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.dispatch import IN_FORCE, Trace
from wengert.trace.nodes import Record, Ref, Write, operand_places, place_of
from wengert.trace.storage import twin

STEPS = (1e-3, 1e-4)
AGREE = 0.2  # of slopes over these steps: those of a staircase do not


class Question:
    """Whether a function, called with arguments some of which were traced, changes with those from which nothing leads on."""

    def __init__(self, f: Any, args: Sequence[Any], kwargs: dict[str, Any], argnums: tuple[int, ...], inputs: Inputs) -> None:
        self.f, self.args, self.kwargs = f, args, kwargs
        self.keys = chosen(f, argnums, args, kwargs)
        self.inputs = inputs

    def ask(self, loose: Sequence[bool], trace: Trace, has_aux: bool = False) -> None:
        """Raise DetachedError if f changes with inputs that are loose; f may have said itself that it lets go (wg.stop_gradient)."""
        if not any(loose) or trace.released:
            return
        slopes = []
        for h in STEPS:
            ahead, behind = (numbers(self.f, *self.moved(loose, s), has_aux) for s in (h, -h))
            if ahead is None or behind is None or ahead.shape != behind.shape or np.array_equal(ahead, behind, equal_nan=True):
                return
            slopes.append((ahead - behind) / (2 * h))
        if slopes[0].shape == slopes[1].shape and np.linalg.norm(slopes[0] - slopes[1]) <= AGREE * np.linalg.norm(slopes[0]):
            raise DetachedError(
                f"{function_name(self.f)} changes with {self.names(loose)}, but no call leads from there to its result, and the"
                " derivative would be 0: the result was found by comparing alone, as by bisection or in a grid, or kept from an"
                " earlier call. Take a last step from there that computes with the arguments (one of Newton's), or give it a rule"
                " (wg.custom_jvp); keep no results between calls. wg.stop_gradient says that 0 is meant." + user_line()
            )

    def names(self, loose: Sequence[bool]) -> str:
        """The arguments that are loose, as a person would say it."""
        rest, found = iter(loose), []
        for key, part in zip(self.keys, self.inputs.parts, strict=True):
            count = 1 if part is None else sum(part[1])
            if any([next(rest) for _ in range(count)]):
                found.append(f"argument {key!r}" if isinstance(key, str) else f"argument {key}")
        return " and ".join(found)

    def moved(self, loose: Sequence[bool], h: float) -> tuple[list[Any], dict[str, Any]]:
        """The arguments without traces, their loose inputs a step away, in copies that f may write into."""
        rng = np.random.default_rng(0)
        values = iter([stepped(x, h if free else 0.0, rng) for x, free in zip(self.inputs.values, loose, strict=True)])
        new = {key: tree.map(plain_copy, x) for key, x in (*enumerate(self.args), *self.kwargs.items())}
        for key, part in zip(self.keys, self.inputs.parts, strict=True):
            if part is None:
                new[key] = next(values)
            else:
                leaves = tree.flatten(new[key])[0]
                new[key] = tree.unflatten(part[0], [next(values) if t else a for a, t in zip(leaves, part[1], strict=True)])
        return [new[i] for i in range(len(self.args))], {k: new[k] for k in self.kwargs}


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


def stepped(x: Any, h: float, rng: np.random.Generator) -> Any:
    """A number or an array that was an input, without traces, and a step away in a direction that is the same each time."""
    x, y = bottom(x), plain_copy(x)
    if h == 0.0:
        return y
    way = rng.choice((-1.0, 1.0), np.shape(x)) * rng.uniform(0.5, 1.5, np.shape(x)) * np.maximum(1.0, np.abs(x))
    if not isinstance(x, np.ndarray):
        return type(x)(x + h * way)
    y[...] = x + h * way
    return y


def plain_copy(a: Any) -> Any:
    """A value without traces; an array lies in its copy as it does."""
    a = bottom(a)
    return twin(a) if isinstance(a, np.ndarray) else a


def numbers(f: Any, args: list[Any], kwargs: dict[str, Any], has_aux: bool) -> Any:
    """What f gives in plain NumPy, as one vector; None where it gives no float, or raises."""
    tokens = IN_FORCE.set(False), REFUSALS.set(None)
    try:
        with np.errstate(all="ignore"):
            y = f(*args, **kwargs)
        leaves = [bottom(a) for a in tree.flatten(y[0] if has_aux else y)[0]]
        return np.concatenate([np.ravel(a) for a in leaves if np.result_type(a).kind in "fc"])
    except Exception:  # one step further f may be undefined; what it says there is not about this point
        return None
    finally:
        IN_FORCE.reset(tokens[0])
        REFUSALS.reset(tokens[1])
