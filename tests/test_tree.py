"""Containers come apart into leaves and back together, whatever holds them."""

import functools
import threading
import typing
from collections import OrderedDict, defaultdict, deque, namedtuple
from dataclasses import InitVar, dataclass, field
from typing import Any

import numpy as np
import optree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wengert import tree
from wengert.errors import InputError, StructureError, WengertError

Point = namedtuple("Point", "x y")
Item = typing.TypeVar("Item")


@dataclass
class Layer:
    weights: Any
    bias: Any = 0.0


@dataclass(frozen=True)
class Frozen:
    x: Any
    y: Any


@dataclass(slots=True)
class Slotted:
    x: Any
    y: Any = field(kw_only=True)


@dataclass
class Network:
    layers: list[Layer]
    scale: float = field(kw_only=True, default=1.0)
    step: float = field(init=False, default=0.0)


@dataclass
class Checked:
    """Its constructor refuses what a gradient may well be."""

    x: float
    bounds: InitVar[float]

    def __post_init__(self, bounds: float) -> None:
        if not 0 < self.x < bounds:
            raise ValueError("out of bounds")


@dataclass
class Generic(typing.Generic[Item]):
    item: Item


def round_trip(value: Any) -> Any:
    leaves, treedef = tree.flatten(value)
    return tree.unflatten(treedef, leaves)


class Stranger:
    """As unknown to this layer as a traced value is: it answers NumPy's protocols and any attribute."""

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a leaf must not be computed with")

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: self

    def __eq__(self, other: object) -> Any:
        raise AssertionError("a leaf must not be compared")

    __hash__ = None  # type: ignore[assignment]


# --- leaves -----------------------------------------------------------------------------------------------------------


LEAVES = [1.0, 2, 3j, True, "text", np.float32(1.0), np.zeros(3), Stranger(), {1.0, 2.0}, object(), np.sin, Layer]


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: type(leaf).__name__)
def test_what_is_no_container_is_one_leaf(leaf):
    leaves, treedef = tree.flatten(leaf)
    assert len(leaves) == 1 and leaves[0] is leaf
    assert treedef == tree.LEAF
    assert tree.unflatten(treedef, [7.0]) == 7.0
    nested, _ = tree.flatten({"a": (leaf, [leaf])})
    assert all(found is leaf for found in nested) and len(nested) == 2


def test_plain_leaves_are_not_shown_to_optree(monkeypatch):
    monkeypatch.setattr(optree, "tree_flatten", None)
    for leaf in (1.0, 1, np.float64(1.0), np.float32(1.0), np.zeros(2)):
        (found,), treedef = tree.flatten(leaf)
        assert found is leaf
        assert treedef is tree.LEAF


def test_none_is_a_container_of_nothing():
    assert tree.flatten(None)[0] == []
    assert round_trip({"a": None, "b": [None, 1.0]}) == {"a": None, "b": [None, 1.0]}


# --- builtin containers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        {"w": [1.0, (2.0, 3.0)], "b": {}},
        Point(1.0, [2.0]),
        OrderedDict(b=1.0, a=2.0),
        defaultdict(list, b=1.0),
        deque([1.0, 2.0], maxlen=3),
        {1: 1.0, "a": 2.0, None: 3.0, (1, 2): 4.0},
        [],
        (),
    ],
    ids=repr,
)
def test_containers_come_back_as_they_were(value):
    back = round_trip(value)
    assert back == value and type(back) is type(value)


def test_a_dict_keeps_the_order_of_its_keys():
    value = {"w": 1.0, "b": 2.0, "a": {"z": 3.0, "y": 4.0}}
    back = tree.map(lambda x: -x, value)
    assert list(back) == ["w", "b", "a"] and list(back["a"]) == ["z", "y"]


def test_dicts_that_differ_in_order_have_one_structure():
    assert tree.flatten({"a": 1.0, "b": 2.0}) == tree.flatten({"b": 2.0, "a": 1.0})


def test_flattening_leaves_the_container_alone():
    value = {"b": [1.0], "a": 2.0}
    back = round_trip(value)
    back["b"].append(3.0)
    assert value == {"b": [1.0], "a": 2.0}


numbers = st.floats(allow_nan=False)
containers = st.recursive(
    numbers | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.builds(Point, inner, inner)
        | st.builds(Layer, inner, inner)
        | st.builds(Frozen, inner, inner)
    ),
    max_leaves=12,
)


@given(containers)
def test_round_trip(value):
    leaves, treedef = tree.flatten(value)
    assert tree.unflatten(treedef, leaves) == value
    assert len(tree.names(treedef, "value")) == len(leaves)


@given(containers)
def test_names_are_expressions_that_lead_to_the_leaves(value):
    leaves, treedef = tree.flatten(value)
    for name, leaf in zip(tree.names(treedef, "value"), leaves, strict=True):
        assert eval(name, {"value": value}) is leaf


# --- dataclasses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [Layer(np.ones(2), 1.0), Frozen(1.0, [2.0]), Slotted(1.0, y=2.0), Generic(1.0), Network([Layer(1.0)], scale=2.0)],
    ids=lambda value: type(value).__name__,
)
def test_dataclasses_are_taken_on_sight(value):
    leaves, treedef = tree.flatten({"model": value})
    assert not any(hasattr(leaf, "__dataclass_fields__") for leaf in leaves)
    back = tree.unflatten(treedef, leaves)["model"]
    assert back == value and type(back) is type(value) and back is not value


def test_fields_outside_the_constructor_are_kept():
    network = Network([Layer(1.0)])
    network.step = 3.0
    assert tree.map(lambda x: 2 * x, network) == tree.unflatten(tree.flatten(network)[1], [2.0, 0.0, 2.0, 6.0])
    assert round_trip(network).step == 3.0


def test_a_field_that_is_not_set_stays_so():
    @dataclass
    class Late:
        x: float
        y: float = field(init=False)

    late = Late(1.0)
    assert tree.flatten(late)[0] == [1.0]
    assert not hasattr(round_trip(late), "y")
    late.y = 2.0
    assert tree.flatten(late)[0] == [1.0, 2.0]


def test_constructors_do_not_meet_gradients():
    assert tree.map(lambda x: -x, Checked(0.5, 1.0)).x == -0.5


def test_a_cached_property_is_computed_again():
    @dataclass
    class Square:
        side: float

        @functools.cached_property
        def area(self) -> float:
            return self.side**2

    square = Square(2.0)
    assert square.area == 4.0
    assert tree.map(lambda x: 2 * x, square).area == 16.0


def test_an_attribute_outside_the_fields_is_refused():
    layer = Layer(1.0)
    layer.scale = 2.0
    with pytest.raises(InputError, match=r"Layer keeps scale outside its dataclass fields.*field\(init=False\)"):
        tree.flatten([layer])


def test_a_dataclass_with_its_own_new_is_refused():
    @dataclass
    class Labelled(dict):
        label: str = ""

    with pytest.raises(InputError, match=r"Labelled.*made by dict\.__new__.*pass its fields in a dict"):
        tree.flatten(Labelled())


def test_a_class_the_user_registered_is_read_in_his_way():
    @dataclass
    class Scaled:
        x: float
        unit: str

    optree.register_pytree_node(
        Scaled, lambda s: ([s.x], s.unit, ["x"]), lambda unit, x: Scaled(*x, unit), namespace=tree.NAMESPACE
    )
    assert tree.flatten(Scaled(1.0, "m"))[0] == [1.0]
    assert tree.map(lambda x: 2 * x, Scaled(1.0, "m")) == Scaled(2.0, "m")


def test_threads_may_meet_a_new_dataclass_together():
    for _ in range(20):

        @dataclass
        class Fresh:
            x: float

        start, results, value = threading.Barrier(4), [], Fresh(1.0)

        def meet(start=start, results=results, value=value):
            start.wait()
            results.append(tree.flatten(value)[0])

        threads = [threading.Thread(target=meet) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [[1.0]] * 4


# --- map and names ----------------------------------------------------------------------------------------------------


def test_map_takes_several_containers():
    assert tree.map(lambda a, b, c: a + b * c, (1.0, [2.0]), (3.0, [4.0]), (5.0, [6.0])) == (16.0, [26.0])
    assert tree.map(np.add, 1.0, 2.0) == 3.0


def test_map_meets_the_whole_subtree_where_the_first_has_a_leaf():
    assert tree.map(lambda x, g: g, {"n": 3, "x": 1.0}, {"n": None, "x": (1.0, 2.0)}) == {"n": None, "x": (1.0, 2.0)}


@pytest.mark.parametrize("other", [{"b": 1.0}, {"a": 1.0, "b": 1.0}, [1.0], 1.0])
def test_map_names_the_difference_of_structures(other):
    with pytest.raises(StructureError, match="differ in structure") as caught:
        tree.map(np.add, {"a": 1.0}, other)
    assert isinstance(caught.value, WengertError)
    assert caught.value.__suppress_context__


def test_names_read_as_python():
    treedef = tree.flatten({"w": [1.0, Point(2.0, 3.0)], "net": Layer(1.0, (2.0,))})[1]
    assert tree.names(treedef, "params") == [
        "params['net'].weights",
        "params['net'].bias[0]",
        "params['w'][0]",
        "params['w'][1].x",
        "params['w'][1].y",
    ]
    assert tree.names(tree.LEAF, "x") == ["x"]
