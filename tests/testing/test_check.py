"""`check` passes what is right, finds planted wrong rules, and says where and why."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

import wengert as wg
from wengert import extend
from wengert.testing import check

X = np.array([0.3, 0.7, 1.9])
A, B = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.5, -1.5], [2.0, 1.0]])


def complaint(f, *args, **options):
    with pytest.raises(AssertionError) as caught:
        check(f, *args, **options)
    return str(caught.value)


def planted(function, verb, *rules, **columns):
    """A primitive with a rule of its own."""
    f = wg.primitive(function)
    verb(f, *rules, **columns)
    return f


def cube(x):
    return x**3


@dataclass
class Rod:
    stiffness: float
    angles: np.ndarray

    def energy(self):
        z = np.zeros(3)
        z[0] = self.stiffness * math.sin(self.angles[0])
        z[1:] = self.angles[1:] ** 2
        return z @ z


# --- what is right passes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (lambda x: np.sum(np.sin(x) ** 2), (X,)),
        (lambda x: x**3, (X,)),
        (lambda x, n: np.sum(np.sin(x) ** n), (X, 2)),
        (lambda x, y: np.outer(x, y), (X, 2.0 * X)),
        (lambda x: x * np.exp(-x), (0.5,)),
        (lambda x: x * np.exp(-x), (np.float32(0.5),)),
        (lambda x: np.sum(np.sin(x) * np.exp(x) / np.sqrt(1 + x * x)), (np.linspace(-2, 2, 50, dtype=np.float32),)),
        (lambda z: np.exp(z) * np.conj(z), (np.array([1 + 2j, -0.5j]),)),
        (lambda z: np.abs(z), (1 + 2j,)),
        (np.fft.fft, (X,)),
        (lambda p: {"y": p["w"] * p["b"][0], "n": 3, "s": "text"}, ({"w": X, "b": [np.float32(2.0), 7]},)),
        (lambda x: [x[0] * x[1], (x[2], None)], (X,)),
        (lambda x: x * 1e12, (1e-8 * X,)),
        (lambda x: np.zeros(3), (X,)),
        (lambda x: np.argmax(x), (X,)),
        (lambda x: x[:0] * 2.0, (X,)),
        (np.sqrt, (1e-6,)),
        (np.log, (np.array([1e-5, 1.0, 1e5]),)),
        (np.abs, (np.array([0.5, -0.5]),)),
        (lambda x: np.linalg.solve(x + 4 * np.eye(2), x[0]), (A,)),
        (lambda rod: rod.energy(), (Rod(2.0, X),)),
        (lambda x: math.sqrt(x - 0.995), (1.0,)),  # the first steps leave its domain, where math raises
    ],
)
def test_right_derivatives_pass(f, args):
    check(f, *args)


def test_arguments_are_neither_written_nor_seen_by_one_another():
    x = X.copy()

    def careless(x):
        x *= 2.0
        return np.sum(x * x)

    check(careless, x)
    np.testing.assert_array_equal(x, X)


def test_the_order_can_be_one_or_three():
    check(cube, X, order=1)
    check(cube, X, order=3)


def test_one_argument_can_be_chosen():
    def detached_from_y(x, y):
        return x * wg.stop_gradient(y)

    check(detached_from_y, 2.0, 3.0, argnums=0)
    assert "argument 1 (y)" in complaint(detached_from_y, 2.0, 3.0)
    assert "argument 1 (y)" in complaint(detached_from_y, 2.0, 3.0, argnums=(0, 1))
    assert "argument 1 (y)" in complaint(detached_from_y, 2.0, 3.0, argnums=-1)


def test_tolerances_can_be_set():
    nearly = planted(cube, extend.elementwise, lambda y, x: 3.0003 * x**2)
    check(nearly, X, rtol=1e-2)
    complaint(nearly, X)
    rounded = planted(cube, extend.elementwise, lambda y, x: 3.0 * x**2 + 1e-7)
    check(rounded, X, atol=1e-5)


# --- planted mistakes are found -----------------------------------------------------------------------------------------


def test_a_factor():
    text = complaint(planted(cube, extend.elementwise, lambda y, x: 3.03 * x**2), X)
    assert text.startswith("cube: the first derivative in forward mode disagrees with differences")
    assert "argument 0" in text
    assert "1.01 times what it should be" in text


def test_a_factor_in_reverse_mode_alone():
    text = complaint(planted(cube, extend.elementwise, lambda y, x: 3.03 * x**2), X, modes=["reverse"])
    assert "in reverse mode" in text
    assert "1.01 times" in text
    assert "argument 0 (x)[2]" in text  # the worst element


def test_a_sign():
    assert "its sign is wrong" in complaint(planted(cube, extend.elementwise, lambda y, x: -3.0 * x**2), X)
    assert "its sign is wrong" in complaint(planted(cube, extend.elementwise, lambda y, x: -3.0 * x**2), 2.0)


def test_one_element_of_many():
    def slope(y, x):
        return np.where(np.arange(50) == 17, 1.001, 1.0) * 3.0 * x**2

    wrong, x = planted(cube, extend.elementwise, slope), np.linspace(1.0, 2.0, 50)
    assert "result[17]" in complaint(wrong, x)
    assert "[17]" in complaint(wrong, x, modes=["reverse"])


def test_a_transpose():
    text = complaint(planted(lambda a: 2.0 * a.T, extend.linear, lambda g, a: 2.0 * g), A)
    assert "in reverse mode" in text
    assert "the transpose of what it should be" in text
    assert "the reverse half" in text


def test_a_transpose_of_one_of_two_operands():
    product = planted(lambda a, b: a @ b, extend.multilinear, lambda g, a, b: g @ b, lambda g, a, b: a.T @ g)
    text = complaint(product, A, B)
    assert "in reverse mode" in text
    assert "argument 0 (a)" in text


def test_only_forward_mode():
    wrong = planted(np.exp, extend.pair, jvp=lambda y, x, t: 1.01 * y * t, vjp=lambda g, y, x: g * y)
    assert "in forward mode" in complaint(wrong, X)
    check(wrong, X, order=1, modes=["reverse"])


def test_only_reverse_mode():
    wrong = planted(np.exp, extend.pair, jvp=lambda y, x, t: y * t, vjp=lambda g, y, x: g * y * x)
    text = complaint(wrong, X)
    assert "in reverse mode" in text
    assert "the reverse half" in text
    check(wrong, X, order=1, modes=["forward"])


@pytest.mark.parametrize("modes", [["forward"], ["reverse"], ["forward", "reverse"]])
def test_right_first_and_wrong_second_order(modes):
    detached = planted(cube, extend.elementwise, lambda y, x: 3.0 * wg.stop_gradient(x) ** 2)
    check(detached, X, order=1)
    text = complaint(detached, X, modes=modes)
    assert f"the second derivative in {modes[0]} over {modes[0]} mode" in text
    assert "The first derivative agrees" in text


def test_a_cotangent_detached_in_a_rule():
    def vjp(g, y, x):
        return wg.stop_gradient(g) * 2.0 * x

    detached = planted(np.square, extend.pair, jvp=lambda y, x, t: 2.0 * x * t, vjp=vjp)
    check(detached, X, order=1)
    assert "second derivative in" in complaint(detached, X)


def test_a_conjugate():
    wrong = planted(lambda z: z * z, extend.elementwise, lambda y, z: 2.0 * np.conj(z))
    text = complaint(wrong, np.array([1 + 2j, 3 - 1j]), modes=["reverse"])
    assert "complex conjugate" in text


def test_float32_finds_a_factor_too():
    wrong = planted(cube, extend.elementwise, lambda y, x: 3.03 * x**2)
    assert "1.01 times" in complaint(wrong, X.astype(np.float32))


def test_the_leaf_of_a_container_is_named():
    half_detached = {"layers": [{"w": 1.0, "b": 2.0}, {"w": X, "b": 4.0}]}

    def f(params):
        first, second = params["layers"]
        return {"loss": first["w"] * first["b"] + np.sum(wg.stop_gradient(second["w"]) * second["b"])}

    text = complaint(f, half_detached)
    assert "argument 0 (params)['layers'][1]['w']" in text
    assert "result['loss']" in text


# --- what else can be wrong ---------------------------------------------------------------------------------------------


def test_what_was_detached():
    text = complaint(lambda x: 2.0 * wg.stop_gradient(x), X)
    assert "it is zero" in text
    assert "stop_gradient" in text


@pytest.mark.parametrize("f", [lambda x: np.where(x > 0, x, 0.0), lambda x: np.sum(np.maximum(x, 0.5 * x))])
def test_a_kink(f):
    def one_sided(x):
        return np.where(x > 0, f(x), 0.0 * x)

    assert "a kink" in complaint(one_sided, np.array([0.0, 1.0]))


def test_a_jump():
    assert "do not settle" in complaint(lambda x: x + np.floor(x), np.array([1.0, 0.5]))


def test_the_end_of_a_domain():
    assert "leaves its domain" in complaint(np.sqrt, 0.0)
    assert "leaves its domain" in complaint(lambda x: math.sqrt(x) if x != 0.0 else np.sqrt(x), 0.0)


def test_an_answer_that_is_not_finite():
    def smooth(x):
        return np.where(np.abs(x) > 1.0, x * np.exp(wg.stop_gradient(x) * 0.0), x) + (x - x) * np.sqrt(x - x)

    assert "not finite" in complaint(smooth, np.array([0.5]))


def test_a_function_that_answers_twice_differently():
    random = np.random.default_rng(0)
    assert "two calls" in complaint(lambda x: x * random.normal(), 1.0)


def test_questions_without_sense_are_refused():
    with pytest.raises(ValueError, match="modes are"):
        check(cube, X, modes=["sideways"])
    with pytest.raises(ValueError, match="no floating"):
        check(cube, 3)
