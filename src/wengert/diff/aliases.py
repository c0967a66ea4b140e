"""Which arguments of a call may lie in one memory (trace/aliases.py says what follows).

new |= kept_apart(f, given, new)        before f is called with `new`, in which some of the given arguments are traced
"""

import functools
from typing import Any

import numpy as np

from wengert import tree
from wengert.errors import function_name
from wengert.rules.vocabulary import Traced, bottom
from wengert.trace.aliases import Alias, Leaf, alias_of
from wengert.trace.storage import owner
from wengert.trace.substitute.program import writing
from wengert.trace.substitute.rebuild import arrays_by_name, substituted
from wengert.trace.tensor import Outside

Arguments = dict[Any, Any]  # by position or name


def kept_apart(f: Any, given: Arguments, new: Arguments) -> Arguments:
    """Mark the traced inputs whose memory others share, arrays that f knows by name included. What comes back takes the place of
    arguments that are not differentiated, and that share memory with one that is.
    """
    known = arrays_by_name(f)
    if not known and len(given) == 1 and all([type(x) is np.ndarray for x in given.values()]):
        return {}
    groups: dict[int, list[tuple[Any, Any, Any, Leaf]]] = {}
    for key, argument in given.items():
        for k, (x, y) in enumerate(pairs(argument, new[key])):
            plain = bottom(x)
            if isinstance(plain, np.ndarray):
                leaf: Leaf = plain, functools.partial(name, f, key, argument, k)
                groups.setdefault(id(owner(plain)), []).append((key, x, y, leaf))
    named: dict[int, list[Leaf]] = {}
    for array in known:
        met = groups.get(id(owner(array.primal)), [])
        leaf = array.primal, lambda: f"an array that {function_name(f)} knows by name"
        array.place = Alias(leaf, [other for *_, other in met], None) if met else None
        if met:
            named.setdefault(id(owner(array.primal)), []).append(leaf)
    outside = {}
    for place, group in groups.items():
        leaves = [leaf for *_, leaf in group] + named.get(place, [])
        shared = len(leaves) > 1 and any([y is not x for _, x, y, _ in group])
        for key, x, y, leaf in group:
            outer = alias_of(x) if isinstance(x, Traced) else None
            if y is not x and (shared or outer is not None):
                y._trace.aliased[y.place] = Alias(leaf, leaves, outer)
            elif shared and type(given[key]) is np.ndarray and x.dtype.kind in "fc" and writing(substituted(f)):
                outside[key] = Outside(x, Alias(leaf, leaves, None))
    return outside


def pairs(given: Any, new: Any) -> Any:
    """The leaves of an argument, each as it was given and as f will see it."""
    kind = type(given)
    if kind is np.ndarray or isinstance(given, Traced):
        return ((given, new),)
    if kind in tree.PLAIN:
        return ()
    leaves = tree.flatten(given)[0]
    return zip(leaves, leaves if new is given else tree.flatten(new)[0], strict=True)


def name(f: Any, key: Any, argument: Any, k: int) -> str:
    """What a person would call leaf k of an argument."""
    root = f"argument {key!r} of {function_name(f)}"
    return tree.names(tree.flatten(argument)[1], root)[k]
