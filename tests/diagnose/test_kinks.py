"""The table of kinks, asked of the functions themselves: their slopes ahead and behind differ there, or are infinite, or they jump.

Beside the kink they do not, and the table says nothing. What the table says of the derivative is what the row gives.
"""

import numpy as np
import pytest

import wengert as wg
from wengert.diagnose.kinks import KINKS, at_kink
from wengert.rules.vocabulary import astype

A = np.array
ONE = (1.0,)

# function: (arguments at a kink, which of them moves, a direction of it, the derivative that the table promises along it)
AT = {
    np.absolute: ((A([2.0, 0.0]),), 0, A([0.0, 1.0]), 0.0),
    np.fabs: ((A([2.0, 0.0]),), 0, A([0.0, 1.0]), 0.0),
    np.copysign: ((A([2.0, 0.0]), 1.0), 0, A([0.0, 1.0]), 0.0),
    np.sign: ((A([2.0, 0.0]),), 0, A([0.0, 1.0]), 0.0),
    np.heaviside: ((A([2.0, 0.0]), 0.5), 0, A([0.0, 1.0]), 0.0),
    np.maximum: ((A([2.0, 1.0]), A([1.0, 1.0])), 0, A([0.0, 1.0]), 0.5),
    np.minimum: ((A([2.0, 1.0]), A([1.0, 1.0])), 0, A([0.0, 1.0]), 0.5),
    np.fmax: ((A([2.0, 1.0]), A([1.0, 1.0])), 0, A([0.0, 1.0]), 0.5),
    np.fmin: ((A([2.0, 1.0]), A([1.0, 1.0])), 0, A([0.0, 1.0]), 0.5),
    np.max: ((A([1.0, 2.0, 2.0]),), 0, A([0.0, 1.0, 0.0]), 0.5),
    np.min: ((A([1.0, 1.0, 2.0]),), 0, A([0.0, 1.0, 0.0]), 0.5),
    np.argmax: ((A([1.0, 2.0, 2.0]),), 0, A([0.0, 0.0, 1.0]), 0.0),
    np.argmin: ((A([1.0, 1.0, 2.0]),), 0, A([0.0, -1.0, 0.0]), 0.0),
    np.sort: ((A([1.0, 2.0, 2.0]),), 0, A([0.0, 1.0, 0.0]), 1.0),
    np.partition: ((A([1.0, 2.0, 2.0]), 1), 0, A([0.0, 1.0, 0.0]), 1.0),
    np.unique: ((A([1.0, 2.0, 2.0]),), 0, A([0.0, 1.0, 0.0]), 0.5),
    np.median: ((A([1.0, 2.0, 2.0]),), 0, A([0.0, 1.0, 0.0]), 0.5),
    np.clip: ((A([0.0, 1.0]), -1.0, 1.0), 0, A([0.0, 1.0]), 1.0),
    np.sqrt: ((A([2.0, 0.0]),), 0, A([0.0, 1.0]), np.inf),
    np.cbrt: ((A([2.0, 0.0]),), 0, A([0.0, 1.0]), np.inf),
    np.power: ((A([2.0, 0.0]), 0.3), 0, A([0.0, 1.0]), np.inf),
    np.float_power: ((A([2.0, 0.0]), 0.3), 0, A([0.0, 1.0]), np.inf),
    np.hypot: ((A([2.0, 0.0]), A([0.0, 0.0])), 0, A([0.0, 1.0]), 0.0),
    np.linalg.norm: ((A([0.0, 0.0]),), 0, A([1.0, 2.0]), 0.0),
    np.std: ((A([2.0, 2.0]),), 0, A([1.0, 2.0]), 0.0),
    np.arctan2: ((A([0.0, 1.0]), A([-1.0, 1.0])), 0, A([1.0, 0.0]), -1.0),
    np.floor: ((A([0.5, 1.0]),), 0, A([0.0, 1.0]), 0.0),
    np.ceil: ((A([0.5, 1.0]),), 0, A([0.0, 1.0]), 0.0),
    np.trunc: ((A([0.5, 1.0]),), 0, A([0.0, 1.0]), 0.0),
    np.fix: ((A([0.5, 1.0]),), 0, A([0.0, 1.0]), 0.0),
    np.rint: ((A([0.2, 1.5]),), 0, A([0.0, 1.0]), 0.0),
    np.round: ((A([0.2, 1.5]),), 0, A([0.0, 1.0]), 0.0),
    np.around: ((A([0.2, 1.25]), 1), 0, A([0.0, 1.0]), 0.0),
    astype: ((A([0.5, 1.0]), int), 0, A([0.0, 1.0]), 0.0),
    np.floor_divide: ((A([0.5, 1.5]), 0.75), 0, A([0.0, 1.0]), 0.0),
    np.mod: ((A([0.5, 1.5]), 0.75), 0, A([0.0, 1.0]), 1.0),
    np.fmod: ((A([0.5, 1.5]), 0.75), 0, A([0.0, 1.0]), 1.0),
    np.interp: ((A([0.5, 1.0]), A([0.0, 1.0, 2.0]), A([0.0, 1.0, 5.0])), 0, A([0.0, 1.0]), None),
    np.less: ((A([1.0, 2.0]), 2.0), 0, A([0.0, 1.0]), 0.0),
    np.less_equal: ((A([1.0, 2.0]), 2.0), 0, A([0.0, 1.0]), 0.0),
    np.greater: ((A([1.0, 2.0]), 2.0), 0, A([0.0, 1.0]), 0.0),
    np.greater_equal: ((A([1.0, 2.0]), 2.0), 0, A([0.0, 1.0]), 0.0),
}

BESIDE = 0.01  # how far beside the kink no kink is


def moved(args, place, direction, h):
    return (*args[:place], args[place] + h * direction, *args[place + 1 :])


def sides(f, args, place, direction, h=1e-7):
    """The slopes of the sum of the result ahead and behind."""
    with np.errstate(all="ignore"):
        here, ahead, behind = (float(np.sum(f(*moved(args, place, direction, s)) * 1.0)) for s in (0.0, h, -h))
    return (ahead - here) / h, (here - behind) / h


def test_every_kink_is_tried():
    assert AT.keys() == KINKS.keys()


@pytest.mark.parametrize(("f", "case"), AT.items(), ids=[f.__name__ for f in AT])
def test_the_function_has_a_kink_where_the_table_says_so(f, case):
    args, place, direction, _ = case
    found = at_kink(f, f(*args), args, {})
    assert found is not None
    weights = lambda *a: np.sum(np.asarray(f(*a)).ravel() * np.arange(1.0, 1.0 + np.size(f(*a))))  # sorted elements told apart
    ahead, behind = sides(weights, args, place, direction)
    assert not np.isclose(ahead, behind, rtol=1e-3, atol=1e-3) or abs(ahead) > 1e4  # a jump, a pole of the slope
    mask, _ = found
    assert np.count_nonzero(mask) == 1 and (np.ndim(mask) == 0 or not mask[0] or f in (np.arctan2, np.median))


@pytest.mark.parametrize(("f", "case"), AT.items(), ids=[f.__name__ for f in AT])
def test_beside_it_there_is_none(f, case):
    args, place, direction, _ = case
    beside = moved(args, place, direction, BESIDE)
    assert at_kink(f, f(*beside), beside, {}) is None


@pytest.mark.parametrize(("f", "case"), AT.items(), ids=[f.__name__ for f in AT])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_row_gives_what_the_table_says(f, case):
    args, place, direction, slope = case

    def along(x):
        return np.sum(f(*args[:place], x, *args[place + 1 :]) * 1.0)

    if slope is not None:
        assert np.sum(wg.jvp(along, (args[place],), (direction,))[1]) == pytest.approx(slope, rel=1e-12)


def test_what_has_no_order_is_no_kink():
    assert at_kink(np.max, 1 + 1j, (A([1 + 1j, 2.0]),), {}) is None
    assert at_kink(np.sin, 0.0, (0.0,), {}) is None
    assert at_kink(np.max, 0.0, ([0.0, 1.0],), {}) is None


def test_axes_and_bounds_that_are_given_by_name():
    x = A([[1.0, 1.0], [1.0, 2.0]])
    assert at_kink(np.max, np.max(x, axis=1), (x,), {"axis": 1})[0].tolist() == [True, False]
    assert at_kink(np.max, np.max(x, axis=0), (x, 0), {})[0].tolist() == [True, False]
    assert at_kink(np.sort, np.sort(x, axis=0), (x,), {"axis": 0})[0].tolist() == [[True], [False]]
    assert at_kink(np.clip, x, (x, None, 2.0), {})[0].tolist() == [[False, False], [False, True]]
