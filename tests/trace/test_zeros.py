"""Zeros by structure: what was not selected makes no NaN, and what the primal itself lost stays visible."""

import numpy as np
import pytest

import wengert as wg


def ignoring(f):
    """f under the errstate that a user would choose for it."""

    def quiet(x):
        with np.errstate(all="ignore"):
            return f(x)

    quiet.__name__ = f.__name__
    return quiet


def where(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


def where_the_other_way(x):
    return np.sum(np.where(x <= 0, 0.0, np.sqrt(x)))


def nested_where(x):
    return np.sum(np.where(x > 0, np.where(x < 100, np.sqrt(x), 1 / (x - x)), 0.0))


def select(x):
    return np.sum(np.select([x > 0, x <= 0], [np.sqrt(x), np.zeros_like(x)]))


def choose(x):
    return np.sum(np.choose((x > 0).astype(int), [np.zeros_like(x), np.sqrt(x)]))


def where_argument(x):
    return np.sum(np.sqrt(x, where=x > 0, out=np.zeros_like(x)))


def a_slice(x):
    return np.sum(np.sqrt(x)[1:])


def an_item(x):
    return np.sqrt(x)[1]


def a_mask(x):
    return np.sum(np.sqrt(x)[x > 0])


def an_index(x):
    return np.sum(np.sqrt(x)[[1]])


def take(x):
    return np.sum(np.take(np.sqrt(x), [1]))


def concatenated(x):
    return np.sum(np.concatenate([np.sqrt(x), x])[1:2])


def stacked(x):
    return np.sum(np.stack([np.sqrt(x), x])[0, 1:])


def moved(x):
    return np.sum(np.transpose(np.reshape(np.sqrt(x), (2, 1)))[0, 1])


def summed_part(x):
    return np.cumsum(np.sqrt(x)[::-1])[0]


def written(x):
    z = np.zeros_like(x)
    z[1] = np.sqrt(x)[1]
    return np.sum(z)


def overwritten(x):
    z = np.sqrt(x)
    z[0] = 0.0
    return np.sum(z)


def overwritten_through_a_view(x):
    z = np.sqrt(x)
    v = z[::-1]
    v[1:] = 0.0
    return np.sum(z)


def copied_in_part(x):
    z = np.zeros_like(x)
    z[...] = np.sqrt(x)
    z[x <= 0] = 0.0
    return np.sum(z)


def added_in_place(x):
    z = np.zeros_like(x)
    z[1:] += np.sqrt(x)[1:]
    return np.sum(z)


SELECTING = [
    where,
    where_the_other_way,
    nested_where,
    select,
    choose,
    where_argument,
    a_slice,
    an_item,
    a_mask,
    an_index,
    take,
    concatenated,
    stacked,
    moved,
    summed_part,
    written,
    overwritten,
    overwritten_through_a_view,
    copied_in_part,
    added_in_place,
]
X = {"at the pole": np.array([0.0, 4.0]), "outside the domain": np.array([-1.0, 4.0])}
"""Each program takes sqrt of both, and selects the second: gradient 1/4, second derivative -1/32."""

FIRST = {
    "reverse": lambda f, x: wg.grad(f)(x),
    "forward": lambda f, x: np.array([wg.jvp(f, (x,), (e,))[1] for e in np.eye(2)]),
    "forward along the list": lambda f, x: np.array([wg.linearize(f, x)[1](e) for e in np.eye(2)]),
    "one-hot seeds, reverse": lambda f, x: wg.jacrev(f)(x),
    "one-hot seeds, forward": lambda f, x: wg.jacfwd(f)(x),
}
SECOND = {
    "forward over reverse": lambda f, x: wg.hessian(f)(x),
    "reverse over reverse": lambda f, x: wg.jacrev(wg.grad(f))(x),
    "reverse over forward": lambda f, x: np.stack([wg.grad(lambda x, e=e: wg.jvp(f, (x,), (e,))[1])(x) for e in np.eye(2)]),
    "forward over forward": lambda f, x: np.stack(
        [[wg.jvp(lambda x, e=e: wg.jvp(f, (x,), (e,))[1], (x,), (d,))[1] for d in np.eye(2)] for e in np.eye(2)]
    ),
    "dual over reverse": lambda f, x: np.stack([wg.hvp(f)(x, e) for e in np.eye(2)]),
}


@pytest.mark.parametrize("place", X)
@pytest.mark.parametrize("mode", FIRST)
@pytest.mark.parametrize("f", SELECTING, ids=lambda f: f.__name__)
def test_what_was_not_selected_makes_no_nan(f, mode, place):
    np.testing.assert_array_equal(FIRST[mode](ignoring(f), X[place]), [0.0, 0.25])


@pytest.mark.parametrize("place", X)
@pytest.mark.parametrize("modes", SECOND)
@pytest.mark.parametrize("f", SELECTING, ids=lambda f: f.__name__)
def test_nor_to_second_order(f, modes, place):
    np.testing.assert_allclose(SECOND[modes](ignoring(f), X[place]), [[0.0, 0.0], [0.0, -1 / 32]], rtol=1e-12, atol=0)


# --- the selecting function stands inside, and what follows it has a pole where it selected a constant -----------------------


@pytest.mark.parametrize("mode", FIRST)
@pytest.mark.parametrize(
    "floor",
    [
        lambda x: np.maximum(x, 0.0),
        lambda x: np.maximum(0.0, x),
        lambda x: np.fmax(x, 0.0),
        lambda x: -np.minimum(-x, 0.0),
        lambda x: np.clip(x, 0.0, None),
        lambda x: np.clip(x, 0.0, 100.0),
        lambda x: np.where(x > 0, x, 0.0),
        lambda x: x * 1.0 if x[0] > 0 else np.stack([np.zeros_like(x[0]), x[1]]),
    ],
    ids=["maximum", "maximum swapped", "fmax", "minimum", "clip below", "clip", "where", "if"],
)
def test_a_pole_at_a_selected_constant_does_not_reach_back(floor, mode):
    f = ignoring(lambda x: np.sum(np.sqrt(floor(x))))
    np.testing.assert_array_equal(FIRST[mode](f, np.array([-1.0, 4.0])), [0.0, 0.25])
    np.testing.assert_allclose(wg.hessian(f)(np.array([-1.0, 4.0])), [[0.0, 0.0], [0.0, -1 / 32]], rtol=1e-12, atol=0)


@pytest.mark.parametrize("mode", FIRST)
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.max(np.sqrt(x)),
        lambda x: -np.min(-np.sqrt(x)),
        lambda x: np.sort(np.sqrt(x))[-1],
        lambda x: np.sort(np.sqrt(x))[1:].sum(),
        lambda x: np.sqrt(x)[np.argmax(x)],
        lambda x: np.sum(np.maximum(np.sqrt(x), np.array([1.0, 1.0]))),
        lambda x: np.sum(np.clip(np.sqrt(x), 1.0, 10.0)),
    ],
    ids=["max", "min", "sort", "sort and slice", "argmax", "maximum", "clip"],
)
def test_the_smaller_ones_make_no_nan(f, mode):
    x = np.array([0.0, 4.0])
    np.testing.assert_array_equal(FIRST[mode](f, x), [0.0, 0.25])
    np.testing.assert_allclose(wg.hessian(f)(x), [[0.0, 0.0], [0.0, -1 / 32]], rtol=1e-12, atol=0)
    np.testing.assert_allclose(wg.jacrev(wg.grad(f))(x), [[0.0, 0.0], [0.0, -1 / 32]], rtol=1e-12, atol=0)


# --- Jacobians ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jacobian", [wg.jacfwd, wg.jacrev])
def test_a_jacobian_has_its_pole_in_one_place(jacobian):
    np.testing.assert_array_equal(jacobian(np.sqrt)(np.array([1.0, 0.0])), [[0.5, 0.0], [0.0, np.inf]])
    np.testing.assert_array_equal(jacobian(lambda x: np.cumsum(np.sqrt(x)))(np.array([1.0, 0.0])), [[0.5, 0.0], [0.5, np.inf]])
    np.testing.assert_array_equal(jacobian(lambda x: 3.0 * np.sqrt(x)[::-1])(np.array([1.0, 0.0])), [[0.0, np.inf], [1.5, 0.0]])


@pytest.mark.parametrize("jacobian", [wg.jacfwd, wg.jacrev])
def test_an_argument_that_is_not_read_has_no_derivative(jacobian):
    f = lambda p: {"y": np.sqrt(p["a"]), "z": 2.0 * p["b"]}
    found = jacobian(f)({"a": np.array([0.0, 1.0]), "b": 3.0})
    np.testing.assert_array_equal(found["y"]["a"], [[np.inf, 0.0], [0.0, 0.5]])
    np.testing.assert_array_equal(found["y"]["b"], [0.0, 0.0])
    np.testing.assert_array_equal(found["z"]["a"], [0.0, 0.0])


# --- what must stay visible ----------------------------------------------------------------------------------------------------


STRUCTURAL = ["reverse", "one-hot seeds, reverse", "one-hot seeds, forward"]
DATA = ["forward", "forward along the list"]
"""Tangents that a user gives are data: a zero in them times a pole is NaN. The seeds of a Jacobian are not."""


@pytest.mark.parametrize("mode", STRUCTURAL)
def test_what_the_primal_lost_stays_visible(mode):
    found = FIRST[mode](ignoring(lambda x: np.sum(np.log1p(np.exp(x)))), np.array([800.0, 0.0]))
    assert np.isnan(found[0]) and found[1] == 0.5


@pytest.mark.parametrize("mode", STRUCTURAL)
def test_also_where_it_was_selected(mode):
    found = FIRST[mode](ignoring(lambda x: np.sum(np.where(x > 0, np.log1p(np.exp(x)), 0.0))), np.array([800.0, -800.0]))
    assert np.isnan(found[0]) and found[1] == 0.0


@pytest.mark.parametrize("mode", STRUCTURAL)
def test_a_zero_that_is_data_is_no_zero_by_structure(mode):
    w = np.array([0.0, 1.0])
    found = FIRST[mode](lambda x: np.sum(w * np.sqrt(x)), np.array([0.0, 4.0]))
    assert np.isnan(found[0]) and found[1] == 0.25


@pytest.mark.parametrize("mode", DATA)
def test_a_zero_in_a_tangent_is_data(mode):
    assert np.isnan(FIRST[mode](lambda x: np.sum(np.sqrt(x)), np.array([0.0, 4.0]))).tolist() == [False, True]
    assert np.all(np.isnan(FIRST[mode](ignoring(lambda x: np.sum(np.log1p(np.exp(x)))), np.array([800.0, 0.0]))))


@pytest.mark.parametrize("mode", STRUCTURAL)
def test_a_selected_pole_stays(mode):
    x = np.array([0.0, 4.0])
    np.testing.assert_array_equal(FIRST[mode](lambda x: np.sum(np.sqrt(x)[x >= 0]), x), [np.inf, 0.25])
    np.testing.assert_array_equal(FIRST[mode](lambda x: np.sum(np.where(x >= 0, np.sqrt(x), 0.0)), x), [np.inf, 0.25])


@pytest.mark.parametrize("mode", STRUCTURAL)
def test_a_read_that_is_alive_revives_what_another_left_dead(mode):
    def f(x):
        y = np.sqrt(x)
        return y[1] + np.sum(y)

    np.testing.assert_array_equal(FIRST[mode](f, np.array([0.0, 4.0])), [np.inf, 0.5])


@pytest.mark.parametrize("mode", FIRST)
def test_a_write_revives_what_was_dead(mode):
    def f(x):
        z = np.zeros_like(x)
        z[0] = x[1]
        z[1] = x[1]
        z[0] = np.sqrt(x[0])
        return np.sum(z * z[::-1])

    np.testing.assert_array_equal(FIRST[mode](f, np.array([1.0, 4.0])), [4.0, 2.0])


@pytest.mark.parametrize("mode", FIRST)
def test_an_unselected_nan_in_the_value_stays_in_the_value_only(mode):
    f = ignoring(lambda x: np.sum(np.where(np.isnan(np.log(x)), 0.0, np.log(x))))
    np.testing.assert_array_equal(FIRST[mode](f, np.array([-1.0, 4.0])), [0.0, 0.25])
