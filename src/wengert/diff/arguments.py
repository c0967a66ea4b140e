"""What may be differentiated: arguments become inputs of a trace, and results leave it again.

    tape = Tape()
    args, inputs = enter(tape.lift, f, (params, 2.0), {}, (0, 1))
    ...
    inputs.rebuild(gradients of inputs.tensors)

An argument is one leaf, or a container of them (see `wengert.tree`). Floats and complex numbers, and arrays of them, are inputs, and
are copied: what f does to them stays inside. Copies lie in memory as their originals do, so that what is a view in f stays one.
Integers, booleans, strings and None inside containers are constants, with gradient None. Everything else is refused by name.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from wengert import tree
from wengert.diff.aliases import kept_apart
from wengert.errors import InputError, StructureError, function_name, user_line
from wengert.rules.vocabulary import bottom
from wengert.trace.dispatch import uncovered
from wengert.trace.storage import Layout, owner, twin
from wengert.trace.substitute.classes import object_of
from wengert.trace.substitute.generators import real_of
from wengert.trace.substitute.names import original
from wengert.trace.substitute.rebuild import adopted
from wengert.trace.tensor import NOWHERE, Number, Tensor

Lift = Callable[[Any], Tensor]


class Inputs:
    """The arguments that are differentiated: their traced leaves in a row, and how these make up the arguments."""

    __slots__ = ("parts", "tensors", "values")

    def __init__(self) -> None:
        self.tensors: list[Tensor] = []
        self.values: list[Any] = []
        self.parts: list[
            tuple[Any, list[bool]] | None
        ] = []  # an argument: None for one leaf, else structure and which leaves are traced

    def rebuild(self, leaves: Sequence[Any]) -> list[Any]:
        """The arguments with these leaves in place of the traced ones, and None in place of constants."""
        if not any(self.parts):
            return list(leaves)
        rest, rebuilt = iter(leaves), []
        for part in self.parts:
            if part is None:
                rebuilt.append(next(rest))
            else:
                treedef, traced = part
                rebuilt.append(tree.unflatten(treedef, [next(rest) if t else None for t in traced]))
        return rebuilt

    def match(self, others: Sequence[Any], what: str) -> list[Any]:
        """The leaves that go with the traced ones, out of containers like the arguments, each of its primal's shape; None is zero."""
        if len(others) != len(self.parts):
            raise StructureError(f"{len(self.parts)} primals need as many {what}s, {len(others)} were given." + user_line())
        found: list[Any] = []
        for k, (part, other) in enumerate(zip(self.parts, others, strict=True)):
            treedef, traced = part or (None, [True])
            values = iter(self.values[len(found) : len(found) + sum(traced)])
            row = matched(other, treedef, [next(values) if t else None for t in traced], traced, f"{what} {k}")
            found += [g for g, t in zip(row, traced, strict=True) if t]
        return found


def enter(
    lift: Lift, f: Any, args: tuple[Any, ...], kwargs: dict[str, Any], argnums: tuple[int, ...]
) -> tuple[list[Any], dict[str, Any], Inputs]:
    """args and kwargs with the chosen ones traced, and what is needed to answer for them."""
    new, named, inputs = list(args), kwargs, Inputs()
    numbers = 0
    for i in argnums if in_order(argnums) else counted(f, argnums, args, kwargs):
        if not 0 <= i < len(args):
            name = parameter_name(f, i)
            if name not in kwargs:
                raise InputError(
                    f"argument {i} of {function_name(f)} is to be differentiated, and it was called with {len(args)} arguments."
                    + user_line()
                )
            kwargs = {**kwargs, name: adopted(f, given(lift, kwargs[name], f"argument {name!r} of {function_name(f)}", inputs))}
        elif type(args[i]) is float:
            numbers += 1
            new[i] = traced(lift, args[i], inputs)
            inputs.parts.append(None)
        elif type(args[i]) is np.ndarray and args[i].dtype.kind == "f":
            new[i] = traced(lift, entering(args[i]), inputs)
            inputs.parts.append(None)
        else:
            new[i] = adopted(f, given(lift, args[i], f"argument {i} of {function_name(f)}", inputs))
    if kwargs or (numbers < len(args) and not all([type(a) in ALONE for a in args])):
        outside = kept_apart(f, dict(enumerate(args)) | named, dict(enumerate(new)) | kwargs)
        if outside:
            new = [outside.get(i, x) for i, x in enumerate(new)]
            kwargs = {k: outside.get(k, x) for k, x in kwargs.items()}
    return new, kwargs, inputs


ALONE = frozenset((float, int, np.float64, Number))
"""Kinds of arguments that share no memory with others, whatever these are."""


@functools.lru_cache
def in_order(argnums: tuple[int, ...]) -> bool:
    """Whether there is nothing to count or to compare: true of nearly all calls."""
    return all([i >= 0 for i in argnums]) and len(set(argnums)) == len(argnums)


def counted(f: Any, argnums: tuple[int, ...], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
    """argnums from the front, each argument once. Negative ones count from the last argument, which must be given by position."""
    negative = [i for i in argnums if i < 0]
    stray = next((name for name in kwargs if has_place(f, name)), None) if negative else None
    if stray is not None:
        raise InputError(
            f"argnums={negative[0]} counts from the last argument of {function_name(f)}, and {stray} was given by keyword. Give it by"
            " position, or count from the front (0 is the first)." + user_line()
        )
    positions = tuple(i + len(args) if -len(args) <= i < 0 else i for i in argnums)
    if len(set(positions)) < len(positions):
        raise InputError(f"argnums={argnums} names an argument of {function_name(f)} twice." + user_line())
    return positions


def chosen(f: Any, argnums: tuple[int, ...], args: Sequence[Any], kwargs: dict[str, Any]) -> list[int | str]:
    """The arguments that are differentiated, by position or by name."""
    positions = argnums if in_order(argnums) else counted(f, argnums, tuple(args), kwargs)
    return [i if i < len(args) else parameter_name(f, i) for i in positions]


def parameters(f: Any) -> dict[str, inspect.Parameter]:
    """f's parameters; none where Python cannot tell."""
    try:
        return dict(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return {}


def has_place(f: Any, name: str) -> bool:
    """Whether an argument given as name= could have been given by position, as far as Python can tell."""
    found = parameters(f)
    return name in found and found[name].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD if found else True


def parameter_name(f: Any, i: int) -> str:
    """The name of f's i-th parameter; '' where there is none."""
    names = list(parameters(f))
    return names[i] if 0 <= i < len(names) else ""


def given(lift: Lift, x: Any, what: str, inputs: Inputs) -> Any:
    """One argument with its leaves traced."""
    if type(x) is int or isinstance(x, np.integer):
        x = float(x)
    if is_leaf(x):
        inputs.parts.append(None)
        return traced(lift, leaf(x, what), inputs)
    leaves, treedef = tree.flatten(x)
    if x is None or (len(leaves) == 1 and leaves[0] is x):
        refuse(x, what)
    constant = [isinstance(a, bool | int | str | bytes | np.bool_ | np.integer) for a in leaves]
    for k, a in enumerate(leaves):
        if not constant[k] and refusable(a):
            refuse(a, tree.names(treedef, what)[k])
    inputs.parts.append((treedef, [not c for c in constant]))
    return tree.unflatten(treedef, [a if c else traced(lift, leaf(a, what), inputs) for a, c in zip(leaves, constant, strict=True)])


def traced(lift: Lift, value: Any, inputs: Inputs) -> Tensor:
    t = lift(value)
    inputs.tensors.append(t)
    inputs.values.append(value)
    return t


def is_leaf(x: Any) -> bool:
    return isinstance(x, float | complex | np.ndarray | np.generic | Tensor)


def refusable(a: Any) -> bool:
    """Whether `leaf` would refuse it."""
    if type(a) in (float, complex, np.float64, Tensor) or isinstance(a, Tensor):
        return False
    return not (type(a) is np.ndarray or isinstance(a, np.generic)) or a.dtype.kind not in "fc"


def leaf(x: Any, what: str) -> Any:
    """A copy of x, if it can be differentiated."""
    x = uncovered(x)
    if refusable(x):
        refuse(x, what)
    return entering(x) if isinstance(bottom(x), np.ndarray) else x


def entering(x: Any) -> Any:
    """A copy of an array that lies in memory as x does; not to be written where x is not, or shares elements with itself."""
    y, plain = twin(x), bottom(x)
    if not plain.flags.writeable or (not plain.flags.forc and Layout.whole(plain).repeats):
        bottom(y).flags.writeable = False
    return y


def refuse(x: Any, what: str) -> None:
    """Say why x cannot be differentiated, and what to write instead."""
    kind = x.dtype.kind if isinstance(x, np.ndarray | np.generic) else ""
    if x is None:
        why = "is None. Pass a number, an array, or a container of them"
    elif isinstance(x, bool | np.bool_) or kind == "b":
        why = "is boolean, which has no derivative. Convert it: x.astype(float), or choose another argument with argnums="
    elif isinstance(x, np.ma.MaskedArray):
        why = "is a masked array, whose mask the derivative would lose. Pass x.filled(...) or x.compressed()"
    elif type(x) is not np.ndarray and isinstance(x, np.ndarray):
        why = f"is a {type(x).__name__}, an ndarray with rules of its own. Pass np.asarray(x)"
    elif kind in "iu" and kind:
        why = f"is an array of {x.dtype}, which has no derivative. Convert it: x.astype(float)"
    elif kind:
        why = f"is an array of dtype {x.dtype}, which cannot be differentiated. Pass an array of floats: x.astype(float)"
    elif isinstance(x, str | bytes):
        why = "is a string. Choose the arguments to differentiate with argnums="
    else:
        why = (
            f"is a {type(x).__name__}, which is no number, no array and no container known here (dict, list, tuple, named tuple,"
            " dataclass). Put its numbers in one of these, or register it with optree.register_pytree_node in namespace 'wengert'"
        )
    raise InputError(f"{what} {why}." + user_line())


# --- leaving ------------------------------------------------------------------------------------------------------------


def plain(x: Any, trace: Any) -> Any:
    """A result as the caller gets it: the trace's tensors replaced by copies of their values, in containers too."""
    if isinstance(x, Tensor):
        return released(x) if x._trace in (trace, NOWHERE) else x
    if x is None or type(x) in tree.PLAIN:
        return x
    leaves, treedef = tree.flatten(x)
    plains = [released(a) if isinstance(a, Tensor) and a._trace in (trace, NOWHERE) else own(a) for a in leaves]
    return x if all(a is b for a, b in zip(leaves, plains, strict=True)) else tree.unflatten(treedef, plains)


def own(a: Any) -> Any:
    """The user's own object, where something stood for it."""
    return original(object_of(real_of(a)))


def released(t: Tensor) -> Any:
    """What a tensor holds, as the caller's own: a copy, but of an array from outside (or a part of it) that itself."""
    if t._trace is NOWHERE:
        return t.primal
    return np.copy(t.primal) if isinstance(bottom(t.primal), np.ndarray) else t.primal


def fresh(gradients: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """Gradients as the caller gets them: zeros where nothing arrived, arrays writable, and none sharing memory with another."""
    out, seen = [], set()
    for g, x in zip(gradients, values, strict=True):
        if type(g) is np.float64 and type(x) is float:
            pass
        elif g is None:
            g = np.float64(0.0) if type(x) in (float, np.float64) else zero(x)
        elif isinstance(x, np.ndarray) and not isinstance(g, np.ndarray | Tensor):
            g = np.array(g)
        elif type(g) is float:
            g = np.float64(g)
        elif type(g) is np.ndarray and g.base is None and id(g) not in seen and g.flags.writeable:
            seen.add(id(g))
        elif type(g) is not np.float64:
            memory = owner(g)
            if memory is not None:
                array = bottom(g)
                if memory is not array or id(memory) in seen or not array.flags.writeable:
                    g = np.copy(g)
                seen.add(id(owner(g)))
        out.append(g)
    return out


def zero(x: Any) -> Any:
    if isinstance(x, str | bytes):
        return None
    array = np.zeros(np.shape(x), x.dtype if hasattr(x, "dtype") else type(x))
    return array if isinstance(bottom(x), np.ndarray) else array[()]


def matched(other: Any, treedef: Any, values: Sequence[Any], real: Sequence[bool], what: str) -> list[Any]:
    """The leaves of `other`, which must have this structure and, where `real`, the shapes of the values."""
    if treedef is None:
        leaves = [other]
    else:
        try:
            leaves = tree.flatten_like(treedef, other)
        except ValueError as mismatch:
            raise StructureError(f"{what} has not the structure of its primal: {mismatch}" + user_line()) from None
    names = [what] if treedef is None else tree.names(treedef, what)
    return [fitted(g, x, name) if r else None for g, x, r, name in zip(leaves, values, real, names, strict=True)]


def fitted(g: Any, x: Any, what: str) -> Any:
    """A tangent or cotangent, checked against its primal and cast to its dtype; Python numbers and lists are taken as arrays."""
    if g is None:
        return None
    g = uncovered(g)
    if not isinstance(g, Tensor):
        if isinstance(g, np.ndarray) and type(g) is not np.ndarray:
            refuse(g, what)
        g = np.array(g)
        if g.dtype.kind not in "biufc":
            raise StructureError(f"{what} is of dtype {g.dtype}, not a number or an array of numbers." + user_line())
    if np.shape(g) != np.shape(x):
        raise StructureError(
            f"{what} has shape {np.shape(g)}, its primal has shape {np.shape(x)}. Give it the same shape." + user_line()
        )
    dtype = x.dtype if hasattr(x, "dtype") else np.dtype(type(x))
    if g.dtype.kind == "c" and dtype.kind != "c":
        raise StructureError(f"{what} is complex, its primal is real. Pass its real part." + user_line())
    g = g.astype(dtype) if g.dtype != dtype else np.copy(g) if isinstance(g, Tensor) else g
    return g if isinstance(bottom(x), np.ndarray) else g[()]
