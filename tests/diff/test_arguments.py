"""What may be differentiated: positions, keywords, and containers, taken on sight."""

import dataclasses
import functools
from collections import OrderedDict, defaultdict, deque, namedtuple
from typing import Any, NamedTuple

import numpy as np
import pytest

import wengert as wg
from wengert.errors import InputError

# --- argnums ---------------------------------------------------------------------------------------------------------------------


def f(a, b, c=3.0, *, scale=1.0):
    return scale * (a * b**2 + c**3 * a)


def test_one_argument():
    assert wg.grad(f)(2.0, 3.0) == 36.0
    assert wg.grad(f, 1)(2.0, 3.0) == 12.0
    assert wg.grad(f, argnums=1)(2.0, 3.0, scale=0.5) == 6.0


def test_several_arguments_give_a_tuple_in_the_order_asked():
    assert wg.grad(f, (0, 1, 2))(2.0, 3.0, 3.0) == (36.0, 12.0, 54.0)
    assert wg.grad(f, (2, 0))(2.0, 3.0, 3.0) == (54.0, 36.0)
    assert wg.grad(f, [1])(2.0, 3.0) == (12.0,)
    assert wg.grad(f, ())(2.0, 3.0) == ()
    value, gradients = wg.value_and_grad(f, (0, 1))(2.0, 3.0)
    assert value == 72.0 and gradients == (36.0, 12.0)


def test_negative_numbers_count_from_the_end():
    assert wg.grad(f, -1)(2.0, 3.0, 3.0) == 54.0
    assert wg.grad(f, (-3, -1))(2.0, 3.0, 3.0) == (36.0, 54.0)


def test_an_argument_given_by_keyword():
    assert wg.grad(f, 1)(a=2.0, b=3.0) == 12.0
    assert wg.grad(f, (0, 2))(2.0, 3.0, c=3.0) == (36.0, 54.0)
    assert wg.grad(f, 0)(b=3.0, a=2.0) == 36.0
    assert wg.hessian(f, 1)(2.0, b=3.0) == 4.0


def test_arguments_of_a_method_and_of_var_positional():
    class Model:
        k = 2.0

        def loss(self, x, y):
            return self.k * x * y

    assert wg.grad(Model().loss)(3.0, 5.0) == 10.0
    assert wg.grad(Model.loss, 1)(Model(), 3.0, 5.0) == 10.0
    assert wg.grad(lambda *xs: xs[0] * xs[-1], (0, -1))(2.0, 7.0, 3.0) == (3.0, 2.0)


@pytest.mark.parametrize("argnums", [-1, (0, -1), (1, -1)])
def test_a_negative_number_beside_keywords_names_no_argument_for_sure(argnums):
    loss = lambda w, b: w * b**2
    assert wg.grad(loss, -1)(3.0, 4.0) == wg.grad(loss, 1)(3.0, b=4.0) == 24.0
    for args, kwargs in (((3.0,), {"b": 4.0}), ((), {"b": 4.0, "w": 3.0})):
        with pytest.raises(InputError, match=r"(?s)argnums=-1.*<lambda>.*by keyword.*from the front.*test_arguments.py"):
            wg.grad(loss, argnums)(*args, **kwargs)
    with pytest.raises(InputError, match="out was given by keyword"):
        wg.grad(np.sin, -1)(1.0, out=None)


def test_keywords_that_have_no_place_are_not_counted():
    def loss(w, b, *, power=2, **options):
        return w * b**power * options.get("scale", 1.0)

    assert wg.grad(loss, -1)(3.0, 4.0, power=3, scale=2.0) == 288.0
    assert wg.grad(functools.partial(loss, scale=2.0), (0, -1))(3.0, 4.0, power=1) == (8.0, 6.0)


@pytest.mark.parametrize("argnums", [2, -3, (0, 2)])
def test_an_argument_that_is_not_there_is_refused(argnums):
    with pytest.raises(InputError, match=r"(?s)argument -?\d of .*<lambda>.*2 arguments.*test_arguments.py"):
        wg.grad(lambda x, y: x * y, argnums)(1.0, 2.0)


@pytest.mark.parametrize("argnums", [(0, 0), (1, -1), (0, 1, -2), (1, -1, 0)])
def test_an_argument_asked_for_twice_is_refused(argnums):
    with pytest.raises(InputError, match="(?s)twice.*test_arguments.py"):
        wg.grad(lambda x, y: x * y, argnums)(1.0, 2.0)


@pytest.mark.parametrize("argnums", ["x", 1.0, None, ("x",), (0.0,), True])
def test_argnums_that_are_no_numbers_are_refused(argnums):
    with pytest.raises(InputError, match="(?s)argnums.*test_arguments.py"):
        wg.grad(lambda x, y: x * y, argnums)


# --- containers --------------------------------------------------------------------------------------------------------------------


class Point(NamedTuple):
    x: Any
    y: Any


Old = namedtuple("Old", "x y")


@dataclasses.dataclass
class Layer:
    w: Any
    b: Any
    name: str = "layer"
    units: int = 3


@dataclasses.dataclass(frozen=True)
class Frozen:
    w: Any
    b: Any
    name: str = "frozen"


@dataclasses.dataclass(slots=True)
class Slotted:
    w: Any
    b: Any


@dataclasses.dataclass
class Checked:
    """Its constructor would not stand a gradient."""

    w: Any
    total: Any = dataclasses.field(init=False)

    def __post_init__(self):
        if not isinstance(self.w, np.ndarray):
            raise TypeError("w is an array")
        self.total = float(np.sum(self.w))


W = np.array([1.0, 2.0])
CONTAINERS = {
    "list": ([W, 3.0], lambda p: p[0], lambda p: p[1], list),
    "tuple": ((W, 3.0), lambda p: p[0], lambda p: p[1], tuple),
    "dict": ({"w": W, "b": 3.0}, lambda p: p["w"], lambda p: p["b"], dict),
    "ordered dict": (OrderedDict(w=W, b=3.0), lambda p: p["w"], lambda p: p["b"], OrderedDict),
    "default dict": (defaultdict(float, w=W, b=3.0), lambda p: p["w"], lambda p: p["b"], defaultdict),
    "deque": (deque([W, 3.0]), lambda p: p[0], lambda p: p[1], deque),
    "named tuple": (Point(W, 3.0), lambda p: p.x, lambda p: p.y, Point),
    "old named tuple": (Old(W, 3.0), lambda p: p.x, lambda p: p.y, Old),
    "dataclass": (Layer(W, 3.0), lambda p: p.w, lambda p: p.b, Layer),
    "frozen dataclass": (Frozen(W, 3.0), lambda p: p.w, lambda p: p.b, Frozen),
    "slotted dataclass": (Slotted(W, 3.0), lambda p: p.w, lambda p: p.b, Slotted),
    "nested": ({"a": [Point(W, (Layer({"w": W}, 3.0),))]}, lambda p: p["a"][0].x, lambda p: p["a"][0].y[0].b, dict),
}


@pytest.mark.parametrize(("p", "first", "second", "kind"), CONTAINERS.values(), ids=CONTAINERS)
def test_a_gradient_has_its_arguments_structure(p, first, second, kind):
    loss = lambda p: np.sum(first(p) ** 2) * second(p)
    value, g = wg.value_and_grad(loss)(p)
    assert value == 15.0 and type(g) is kind
    np.testing.assert_array_equal(first(g), [6.0, 12.0])
    assert second(g) == 5.0 and type(second(g)) is np.float64
    assert wg.jvp(loss, (p,), (g,))[1] == 36.0 + 144.0 + 25.0
    product = wg.hvp(loss)(p, g)
    np.testing.assert_array_equal(first(product), [6.0 * 6 + 2.0 * 5, 6.0 * 12 + 4.0 * 5])
    assert second(product) == 2 * 6.0 + 4 * 12.0


def test_the_function_sees_the_containers_themselves():
    seen = []

    def loss(p):
        seen.append((type(p), type(p.y[0]), p.y[0].name, p.y[0].units))
        return np.sum(p.x) * p.y[0].b * np.sum(p.y[0].w)

    wg.grad(loss)(Point(W, (Layer(1.0, 2.0),)))
    assert seen == [(Point, Layer, "layer", 3)]


def test_constants_in_a_dataclass_have_no_gradient():
    g = wg.grad(lambda p: np.sum(p.w) * p.b * p.units)(Layer(W, 3.0))
    assert (g.name, g.units, g.b) == (None, None, 9.0)


def test_a_dataclass_is_rebuilt_without_its_constructor():
    g = wg.grad(lambda p: np.sum(p.w**2) + p.total)(Checked(W))
    assert type(g) is Checked and g.total == 1.0
    np.testing.assert_array_equal(g.w, [2.0, 4.0])


def test_the_order_of_a_dict_is_kept():
    g = wg.grad(lambda p: p["z"] * p["a"] * p["m"])({"z": 1.0, "a": 2.0, "m": 3.0})
    assert list(g) == ["z", "a", "m"]
    assert g == {"z": 6.0, "a": 3.0, "m": 2.0}


def test_an_empty_container_has_an_empty_gradient():
    assert wg.grad(lambda p: 1.0)({}) == {}
    assert wg.grad(lambda p, x: x, (0, 1))([], 2.0) == ([], 1.0)
    assert wg.grad(lambda p: p[1])((None, 2.0)) == (None, 1.0)


def test_one_array_in_two_places_has_two_gradients():
    g = wg.grad(lambda p: np.sum(p[0] * 2.0) + np.sum(p[1] * 3.0))([W, W])
    np.testing.assert_array_equal(g[0], [2.0, 2.0])
    np.testing.assert_array_equal(g[1], [3.0, 3.0])


def test_what_f_does_to_a_container_stays_inside():
    p = {"w": W.copy(), "list": [1.0, 2.0]}

    def loss(p):
        p["w"] = p["w"] * 2.0
        p["list"].append(p["list"].pop(0))
        p["new"] = 5.0
        return np.sum(p["w"]) * p["list"][0]

    g = wg.grad(loss)(p)
    np.testing.assert_array_equal(g["w"], [4.0, 4.0])
    assert g["list"] == [0.0, 6.0] and set(p) == {"w", "list"} and p["list"] == [1.0, 2.0]


def test_a_dataclass_of_arrays_may_be_the_result_of_a_jacobian():
    j = wg.jacobian(lambda p: Frozen(p.w * p.b, np.sum(p.w), None))(Frozen(W, 3.0))
    assert type(j) is Frozen and type(j.w) is Frozen
    np.testing.assert_array_equal(j.w.w, 3.0 * np.eye(2))
    np.testing.assert_array_equal(j.b.w, [1.0, 1.0])


def loss(p):
    return 1.0


class Stranger:
    def __init__(self):
        self.w = 1.0


@pytest.mark.parametrize(
    ("x", "says"),
    [
        (None, "argument 0 of loss is None"),
        ("text", "argument 0 of loss is a string.*argnums"),
        (b"text", "string"),
        (Stranger(), "Stranger.*dataclass.*register"),
        ({"a": [1.0, Stranger()]}, r"argument 0 of loss\['a'\]\[1\].*Stranger"),
        ({1.0, 2.0}, "set"),
        (object(), "object"),
        (lambda x: x, "function"),
        ({"a": np.array([1, 2])}, r"argument 0 of loss\['a'\] is an array of int64.*astype\(float\)"),
        (Layer(np.array(["a"]), 1.0), r"argument 0 of loss\.w.*<U1"),
        ([True, np.array([True])], r"argument 0 of loss\[1\] is boolean"),
    ],
    ids=[
        "None",
        "string",
        "bytes",
        "class",
        "class inside",
        "set",
        "object",
        "function",
        "ints inside",
        "strings in a dataclass",
        "bools inside",
    ],
)
def test_an_argument_that_cannot_be_differentiated_is_refused_by_name(x, says):
    for derivative in (
        lambda: wg.grad(loss)(x),
        lambda: wg.vjp(loss, x),
        lambda: wg.jvp(loss, (x,), (1.0,)),
        lambda: wg.jacobian(loss)(x),
    ):
        with pytest.raises(InputError, match=f"(?s){says}.*test_arguments.py"):
            derivative()


# --- how arguments lie in memory: what is a view in plain NumPy is a view inside -------------------------------------------------

BUFFER = np.arange(1.0, 25.0)
LAID = {
    "Fortran order": BUFFER.reshape(6, 4).T,
    "axes permuted": np.transpose(BUFFER.reshape(2, 3, 4), (2, 0, 1)),
    "a corner": BUFFER.reshape(4, 6)[:2, :2],
    "five columns of six": BUFFER.reshape(4, 6)[:, :5],
    "every third": BUFFER.reshape(4, 6)[::2, ::3],
    "one column": BUFFER.reshape(4, 6)[:, 1],
    "upside down": BUFFER.reshape(4, 6)[::-1],
    "turned round": BUFFER.reshape(4, 6)[::-1, ::-1],
    "one axis backwards": BUFFER.reshape(2, 3, 4)[:, ::-1],
    "a field": np.ones((4, 2), [("tag", "i4"), ("value", float)])["value"],
    "nothing": BUFFER.reshape(4, 6)[:0, ::2],
}
FLATTENINGS = {
    "reshape": lambda x: x.reshape(-1),
    "reshape in Fortran order": lambda x: np.reshape(x, -1, order="F"),
    "ravel": np.ravel,
    "of the transpose": lambda x: x.T.reshape(-1),
    "of every second row": lambda x: x[::2].reshape(-1),
    "of every second column": lambda x: x[..., ::2].reshape(-1),
    "of rows backwards": lambda x: x[::-1].ravel(),
    "of columns backwards": lambda x: x[..., ::-1].ravel(),
}


@pytest.mark.parametrize("flatten", FLATTENINGS.values(), ids=FLATTENINGS)
@pytest.mark.parametrize("x", LAID.values(), ids=LAID)
def test_a_write_through_a_flattened_argument_reaches_it_where_it_does_in_numpy(x, flatten):
    def write(x):
        flat = flatten(x)
        flat *= flat
        return np.sum(x**3)

    numbers = np.arange(x.size).reshape(x.shape)
    written = np.isin(numbers, flatten(numbers)) & np.shares_memory(flatten(x), x)
    first, second = np.where(written, 6 * x**5, 3 * x**2), np.where(written, 30 * x**4, 6 * x)
    ones = np.ones(x.shape)
    np.testing.assert_allclose(wg.grad(write)(x), first, rtol=1e-14)
    np.testing.assert_allclose(wg.jvp(write, (x,), (ones,))[1], np.sum(first), rtol=1e-14)
    np.testing.assert_allclose(wg.jvp(wg.grad(write), (x,), (ones,))[1], second, rtol=1e-14)
    np.testing.assert_allclose(wg.vjp(wg.grad(write), x)[1](ones)[0], second, rtol=1e-14)


REPEATED = {
    "rows": np.broadcast_to(BUFFER[:3], (4, 3)),
    "columns": np.broadcast_to(BUFFER[:4, None], (4, 3)),
    "one number": np.broadcast_to(BUFFER[1], (4, 3)),
    "windows": np.lib.stride_tricks.sliding_window_view(BUFFER[:6], 3),
    "windows that say they can be written": np.lib.stride_tricks.sliding_window_view(BUFFER[:6], 3, writeable=True),
}


@pytest.mark.parametrize("x", REPEATED.values(), ids=REPEATED)
def test_an_argument_that_repeats_elements_can_be_read_and_not_written(x):
    np.testing.assert_allclose(wg.grad(lambda x: np.sum(x.reshape(-1) ** 3))(x), 3 * x**2, rtol=1e-14)
    np.testing.assert_allclose(wg.jvp(wg.grad(lambda x: np.sum(x.T**3)), (x,), (x,))[1], 6 * x**2, rtol=1e-14)

    def write(x):
        x[0] = 1.0
        return np.sum(x)

    for derivative in (wg.grad(write), wg.hessian(write), lambda x: wg.jvp(write, (x,), (x,))):
        with pytest.raises(ValueError, match="read-only"):
            derivative(x)


def test_a_read_only_argument_stays_so():
    x = np.ones(3)
    x.flags.writeable = False

    def write(x):
        x *= 2.0
        return np.sum(x)

    for derivative, argument in ((wg.grad(write), x), (wg.grad(lambda d: write(d["x"])), {"x": x}), (wg.hessian(write), x)):
        with pytest.raises(ValueError, match="read-only"):
            derivative(argument)


def test_elements_far_apart_come_closer_so_that_a_column_costs_no_matrix():
    strides = []

    def total(x):
        strides.append(x.strides)
        return np.sum(x)

    wg.grad(total)(np.zeros((100, 1000))[:, 3])
    assert strides == [(16,)]
