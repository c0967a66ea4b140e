"""The table of remedies: a program that meets each situation, and the same program as the advice would have it.

The first must be an error that gives this advice, in reverse or (the second member) also in forward mode; the second must pass under
debug, with the gradient that differences give it, and the value of the first where that has one.
"""

import numpy as np
import pytest
import scipy.special as sp

import wengert as wg
from wengert.errors import NotFiniteError
from wengert.testing import differences
from wengert.watch.advice import REMEDIES, remedy

EPS, TINY = 0.1, 0.1  # large, so that differences see the same branch on both sides
A = np.array
SYMMETRIC = A([[2.0, 1.0], [1.0, 2.0]])
LOGITS = A([-1000.0, 1.0, 2.0])


def softmax_logarithm(u):
    e = np.exp(u - np.max(u))
    return np.log(e / np.sum(e))[0]


def root_of_a_variance(x):
    return np.sqrt(np.mean(x**2) - np.mean(x) ** 2)


def angle(a, b=A([1.0, 2.0, 2.0])):
    return np.arccos(np.sum(a * b) / np.sqrt(np.sum(a * a)) / np.sqrt(np.sum(b * b)))


def angle_of_any(a, b=A([1.0, 2.0, 2.0])):
    return np.arctan2(np.linalg.norm(np.cross(a, b)), np.sum(a * b))


def masked_row(x):
    y = np.where(x > 9.0, x, -np.inf)
    return np.sum(np.exp(y - np.max(y)))


def finitely_masked_row(x):
    y = np.where(x > 9.0, x, -1e9)
    return np.sum(np.exp(y - np.max(y)))


def vectors(a):
    return np.sum(A([[1.0, 2.0], [3.0, 5.0]]) * np.linalg.eigh(a)[1])


def vectors_apart(a):
    return np.sum(A([[1.0, 2.0], [3.0, 5.0]]) * np.linalg.eigh(a + np.diag([0.0, 0.5]))[1] ** 2)


def mean_of_selected(x):
    return np.mean(x[x > 5.0]) + np.sum(x)


def sum_of_selected(x):
    y = x[x > 5.0]
    return np.sum(y) / max(1, y.size) + np.sum(x)


MET = {  # situation: (the program, as the advice would have it, where)
    ("log", "of a sigmoid"): (lambda u: np.log(1 / (1 + np.exp(-u))), lambda u: -np.logaddexp(0.0, -u), -1000.0),
    ("log", "of a softmax"): (softmax_logarithm, lambda u: (u - sp.logsumexp(u))[0], LOGITS),
    ("log", "of a normal probability"): (lambda u: np.log(sp.ndtr(u)), sp.log_ndtr, -50.0),
    ("log", "of 0, in a product"): (
        lambda p: np.sum(A([1.0, 0.0]) * np.log(p)),
        lambda p: np.sum(sp.xlogy(A([1.0, 0.0]), np.maximum(p, TINY))),
        A([0.5, 0.0]),
    ),
    ("log", "of 0"): (lambda x: np.sum(np.log(x)), lambda x: np.sum(np.log(np.maximum(x, TINY))), A([0.5, 0.0])),
    ("log", "of a negative number"): (
        lambda x: np.sum(np.log(x)),
        lambda x: np.sum(np.log(np.maximum(x, TINY))),
        A([0.5, -1.0]),
    ),
    ("log1p", "of -1 or less"): (np.log1p, lambda x: np.log1p(np.maximum(x, -1.0 + TINY)), -1.0),
    ("exp", "overflow, under log(1 + .)"): (lambda u: np.log(1 + np.exp(u)), lambda u: np.logaddexp(0.0, u), 1000.0),
    ("exp", "overflow, under log(sum(.))"): (lambda u: np.log(np.sum(np.exp(u))), lambda u: sp.logsumexp(u), A([1000.0, 999.0])),
    ("exp", "overflow, in a quotient"): (
        lambda u: (np.exp(u) / np.sum(np.exp(u)))[0],
        lambda u: sp.softmax(u)[0],
        A([1000.0, 999.0]),
    ),
    ("exp", "overflow, and flat afterwards"): (lambda u: 1 / (1 + np.exp(-u)), sp.expit, -1000.0),
    ("exp", "overflow"): (
        lambda u: np.exp(u) * np.exp(-800.0 + 0 * u),
        lambda u: np.exp(u + (-800.0 + 0 * u)),
        800.0,
    ),
    ("cosh", "overflow"): (lambda u: np.log(np.cosh(u)), lambda u: np.logaddexp(u, -u) - np.log(2.0), 800.0),
    ("sqrt", "slope at 0, of a sum of squares"): (
        lambda x: np.sqrt(np.sum(x * x)),
        lambda x: np.sqrt(np.sum(x * x) + EPS),
        A([0.0, 0.0]),
    ),
    ("sqrt", "slope at 0"): (np.sqrt, lambda x: np.sqrt(x + 0.5), 0.0),
    ("sqrt", "of a variance"): (root_of_a_variance, np.std, A([1e8 + 0.1, 1e8 + 0.2, 1e8 + 0.4])),
    ("sqrt", "of a negative number"): (
        lambda x: np.sum(np.sqrt(x)),
        lambda x: np.sum(np.sqrt(np.maximum(x, 0.0))),
        A([4.0, -1.0]),
    ),
    ("power", "slope at 0"): (lambda x: x**0.3, lambda x: (x + 0.5) ** 0.3, 0.0),
    ("power", "of a negative number"): (
        lambda x: np.sum(np.power(x, 1.5)),
        lambda x: np.sum(np.sign(x) * np.abs(x) ** 1.5),
        A([2.0, -2.0]),
    ),
    ("square", "overflow, under a root"): (
        lambda x: np.sqrt(x[0] ** 2 + x[1] ** 2),
        lambda x: np.hypot(x[0], x[1]),
        A([3e200, 4e200]),
    ),
    ("divide", "by its own size"): (
        lambda x: np.sum(A([1.0, 2.0]) * x / np.linalg.norm(x)),
        lambda x: np.sum(A([1.0, 2.0]) * x / np.sqrt(np.sum(x * x) + 0.1)),
        A([0.0, 0.0]),
    ),
    ("divide", "sin(x) / x"): (lambda x: np.sin(x) / x, lambda x: np.sinc(x / np.pi), np.float64(0.0)),
    ("divide", "0 / 0"): (
        lambda x: np.sum((1 - np.cos(x)) / x),
        lambda x: np.sum(np.where(x == 0, 0.5 * x, (1 - np.cos(x)) / x)),
        A([0.0, 1.0]),
    ),
    ("divide", "by 0"): (lambda x: np.sum(1 / x), lambda x: np.sum(1 / np.maximum(x, 0.1)), A([0.0, 1.0])),
    ("arccos", "of two vectors that are parallel"): (angle, angle_of_any, A([2.0, 4.0, 4.0])),
    ("arccos", "slope at 1 or -1"): (
        lambda x: np.sum(np.arccos(x)),
        lambda x: np.sum(np.arccos(np.clip(x, -1 + 0.1, 1 - 0.1))),
        A([0.5, 1.0]),
    ),
    ("arccos", "outside of -1 ... 1"): (
        lambda x: np.sum(np.arcsin(x)),
        lambda x: np.sum(np.arcsin(np.clip(x, -1.0, 1.0))),
        A([0.5, 1.5]),
    ),
    ("arctanh", "at 1 or -1 or beyond"): (
        lambda x: np.sum(np.arctanh(x)),
        lambda x: np.sum(np.arctanh(np.clip(x, -1 + 0.1, 1 - 0.1))),
        A([0.5, 1.0]),
    ),
    ("special.logit", "at 0 or 1 or beyond"): (
        lambda x: np.sum(sp.logit(x)),
        lambda x: np.sum(sp.logit(np.clip(x, 0.1, 0.9))),
        A([0.5, 1.0]),
    ),
    ("multiply", "0 * inf"): (
        lambda x: np.sum(A([1.0, 0.0]) * (x + A([0.0, np.inf]))),
        lambda x: np.sum(np.where(A([True, False]), x + A([0.0, np.inf]), 0.0)),
        A([0.5, 1.0]),
    ),
    ("subtract", "inf - inf"): (masked_row, finitely_masked_row, A([0.5, 1.0])),
    ("prod", "overflow"): (lambda x: np.log(np.prod(x)), lambda x: np.sum(np.log(np.abs(x))), A([1e200, 2e200])),
    ("linalg.det", "overflow"): (
        lambda a: np.log(np.linalg.det(1e200 * a)),
        lambda a: np.linalg.slogdet(1e200 * a)[1],
        SYMMETRIC,
    ),
    ("special.gamma", "overflow"): (lambda x: np.log(sp.gamma(x)), sp.gammaln, 200.0),
    ("linalg.eigh", "equal eigenvalues"): (vectors, vectors_apart, np.eye(2)),
    ("mean", "of nothing"): (mean_of_selected, sum_of_selected, A([1.0, 2.0])),
    ("", "overflow in single precision"): (
        lambda x: np.sum(x * np.float32(1e30)),
        lambda x: np.sum(x.astype(np.float64) * 1e30),
        A([1e10, 1.0], np.float32),
    ),
    ("", "overflow"): (lambda x: np.sum(x * 1e300), lambda x: np.sum(x / 1e10 * 1e300), A([1e10, 1e9])),
}

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # what the function itself meets


def test_every_remedy_has_a_program():
    assert [((row.functions or ("",))[0], row.situation) for row in REMEDIES] == list(MET)


@pytest.mark.parametrize(("key", "programs"), MET.items(), ids=[" ".join(key) for key in MET])
def test_a_program_that_meets_it_is_given_this_advice(key, programs):
    f, _, x = programs
    with wg.debug(), pytest.raises(NotFiniteError) as raised:
        wg.grad(f)(x)
    found = remedy(raised.value.origin)
    assert found.situation == key[1]
    assert found.text in str(raised.value)
    assert (raised.value.origin.root.line.file, raised.value.origin.line.file) == (__file__, __file__)


@pytest.mark.parametrize(("key", "programs"), MET.items(), ids=[" ".join(key) for key in MET])
def test_forward_mode_gives_it_too(key, programs):
    f, _, x = programs
    with wg.debug(), pytest.raises(NotFiniteError) as raised:
        wg.jvp(f, (x,), (np.ones(np.shape(x), np.result_type(x))[()],))
    assert remedy(raised.value.origin).situation == key[1]


@pytest.mark.parametrize("programs", MET.values(), ids=[" ".join(key) for key in MET])
def test_the_advice_passes_with_the_right_gradient(programs):
    f, better, x = programs
    with wg.debug():
        gradient = wg.grad(better)(x)
    random = np.random.default_rng(0)
    wide = np.asarray(x, float)
    for _ in range(3):
        t = random.normal(size=np.shape(x)) * (
            30.0 * np.ptp(wide) if f is root_of_a_variance else np.where(wide == 0, 1.0, np.abs(wide))
        )
        along = lambda h, t=t: [better(np.asarray(wide + 1e-2 * h * t)[()])]
        (truth,) = differences(along)
        assert truth.error <= 1e-5 * max(1.0, abs(truth.value))
        np.testing.assert_allclose(1e-2 * np.sum(gradient * t), truth.value, rtol=1e-4, atol=10 * truth.error + 1e-12)
