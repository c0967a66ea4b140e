"""Containers as lists of leaves: what lets `grad` take a dictionary of arrays as readily as one array.

    >>> from wengert import tree
    >>> leaves, treedef = tree.flatten({"w": [1.0, 2.0], "b": None})
    >>> tree.unflatten(treedef, [10.0, 20.0])
    {'w': [10.0, 20.0], 'b': None}
    >>> tree.names(treedef, "params")
    ["params['w'][0]", "params['w'][1]"]

Containers are dataclasses and what optree knows: dict, list, tuple, named tuple, deque, and classes the user registered
with it. None is a container of nothing. All else is a leaf: numbers, arrays, traced values, and also sets and instances
of other classes; whoever asked for the leaves judges what can be done with them.
"""

import functools
import threading
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

import numpy as np
import optree

from wengert.errors import InputError, StructureError

Treedef = optree.PyTreeSpec
NAMESPACE = "wengert"
LEAF = optree.treespec_leaf(namespace=NAMESPACE)
PLAIN: set[type] = {float, int, complex, bool, str, np.ndarray, *np.sctypeDict.values()}
"""Classes known to be leaves, not shown to optree: 0.2 µs against 3. A layer above may add one of its own."""


def flatten(tree: Any) -> tuple[list[Any], Treedef]:
    """The leaves of a container, and its structure. A dict gives its entries in the order of the sorted keys.

    >>> flatten(({"b": 1.0, "a": 2.0}, 3.0))[0]
    [2.0, 1.0, 3.0]
    """
    if type(tree) in PLAIN:
        return [tree], LEAF
    _, leaves, treedef = opened(tree)
    return leaves, treedef


def opened(tree: Any) -> tuple[Any, list[Any], Treedef]:
    """A container, its leaves and its structure. Dataclasses whose class stands for another are copied as instances of that."""
    leaves, treedef = optree.tree_flatten(tree, namespace=NAMESPACE)
    while strangers := [cls for cls in {type(leaf) for leaf in leaves} - PLAIN if hasattr(cls, "__dataclass_fields__")]:
        for cls in strangers:
            if STANDS_FOR not in vars(cls):
                register_dataclass(cls)
        if any([STANDS_FOR in vars(cls) for cls in strangers]):
            tree = treedef.unflatten([real(leaf) for leaf in leaves])
        leaves, treedef = optree.tree_flatten(tree, namespace=NAMESPACE)
    return tree, leaves, treedef


def as_real(tree: Any) -> Any:
    """A container, with dataclasses whose class stands for another as instances of that; itself where it has none."""
    return tree if type(tree) in PLAIN else opened(tree)[0]


def flatten_like(treedef: Treedef, other: Any) -> list[Any]:
    """What a container has in the places of the leaves of another one's structure; ValueError where it does not fit.

    >>> flatten_like(flatten({"w": 1.0, "b": 2.0})[1], {"w": None, "b": [3.0]})
    [[3.0], None]
    """
    try:
        return treedef.flatten_up_to(other)
    except ValueError:
        return treedef.flatten_up_to(as_real(other))


def unflatten(treedef: Treedef, leaves: Iterable[Any]) -> Any:
    """A container of this structure with these leaves; a dict keeps the order in which its keys were first inserted.

    >>> leaves, treedef = flatten({"b": 1.0, "a": 2.0})
    >>> unflatten(treedef, leaves)
    {'b': 1.0, 'a': 2.0}
    """
    if treedef is LEAF:
        (leaf,) = leaves
        return leaf
    return treedef.unflatten(leaves)


def map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:  # noqa: A001 (read as tree.map)
    """A container like `tree` whose leaves are f of its leaves, and of what the others have in the same places.

    >>> map(lambda x, g: x - 0.5 * g, {"w": 1.0, "b": 2.0}, {"w": 4.0, "b": 0.0})
    {'w': -1.0, 'b': 2.0}
    """
    leaves, treedef = flatten(tree)
    try:
        columns = [flatten_like(treedef, other) for other in others]
    except ValueError as mismatch:
        raise StructureError(f"the containers given to map differ in structure: {mismatch}") from None
    return unflatten(treedef, [f(*row) for row in zip(leaves, *columns, strict=True)])


def names(treedef: Treedef, root: str) -> list[str]:
    """What a person would call each leaf of the container named `root`, for messages.

    >>> names(flatten({"w": [1.0, (2.0,)]})[1], "params")
    ["params['w'][0]", "params['w'][1][0]"]
    """
    return [accessor.codify(root) for accessor in treedef.accessors()]


def dataclasses_of(tree: Any) -> list[Any]:
    """The instances of dataclasses in a container, itself included."""
    found: list[Any] = []

    def look(x: Any) -> bool:
        if STANDS_FOR not in vars(type(x)) and type(x) in registered:
            found.append(x)
        return False

    optree.tree_flatten(tree, look, namespace=NAMESPACE)
    return found


# --- dataclasses, taken on sight --------------------------------------------------------------------------------------

registered: set[type] = set()
STANDS_FOR = "__wengert_class__"
"""An attribute of classes that stand for others while a function is traced (trace/substitute/made.py): the class to rebuild."""
registering = threading.Lock()


def register_dataclass(cls: type) -> None:
    """Tell optree that instances of this dataclass are containers of their fields.

    Every field is a child of its own, init=False ones too, and an instance is rebuilt field by field. `__init__` and
    `__post_init__` do not run, since their checks and conversions do not expect the traced values and gradients they
    would meet. So what `__post_init__` derives from other fields is not derived again; a property is.
    """
    maker = next(base for base in cls.__mro__ if "__new__" in vars(base))
    if maker is not object:
        raise InputError(
            f"instances of the dataclass {cls.__qualname__} are made by {maker.__qualname__}.__new__, so they cannot be"
            " rebuilt from their fields. Register it with optree.register_pytree_node, or pass its fields in a dict."
        )
    with registering:
        if cls not in registered:
            declared = field_names(cls)
            optree.register_pytree_node(
                cls,
                functools.partial(to_fields, declared),
                functools.partial(from_fields, cls),
                path_entry_type=optree.GetAttrEntry,
                namespace=NAMESPACE,
            )
            registered.add(cls)


def to_fields(declared: tuple[str, ...], instance: Any) -> tuple[list[Any], tuple[str, ...], tuple[str, ...]]:
    """The values of an instance's fields, and twice their names: once to rebuild it, once as path entries."""
    cls, extra = type(instance), getattr(instance, "__dict__", {}).keys() - declared
    if strays := [name for name in extra if not isinstance(getattr(cls, name, None), functools.cached_property)]:
        raise InputError(
            f"{cls.__qualname__} keeps {', '.join(sorted(strays))} outside its dataclass fields, so no instance can be"
            " rebuilt from them. Declare it as a field (field(init=False) if it is no argument), or make it a property."
        )
    present = tuple(name for name in declared if hasattr(instance, name))  # an init=False field may be unset
    return [getattr(instance, name) for name in present], present, present


def real(x: Any) -> Any:
    """An instance of a class that stands for another, copied as an instance of that; anything else is itself."""
    cls = vars(type(x)).get(STANDS_FOR)
    if cls is None:
        return x
    values, present, _ = to_fields(field_names(x), x)
    return from_fields(cls, present, values)


def field_names(x: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(x))


def from_fields(cls: type, names_of_fields: Any, values: Iterable[Any]) -> Any:
    """An instance of a dataclass with these values in these fields."""
    instance: Any = object.__new__(cls)
    for name, value in zip(names_of_fields, values, strict=True):
        object.__setattr__(instance, name, value)  # frozen classes refuse setattr
    return instance
