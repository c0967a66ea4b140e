"""Draws with traced parameters: NumPy's numbers to the last bit, its stream, and differences of the plain program."""
# ruff: noqa: NPY002 (legacy functions are among what is tested)

import copy
import functools
import re

import numpy as np
import numpy.random as npr
import pytest
import scipy.stats
from numpy.random import default_rng, normal

import wengert as wg
from wengert.errors import ConversionError, MissingRuleError, TraceError
from wengert.testing import check
from wengert.trace.substitute import draws

KINDS = {"Generator": np.random.default_rng, "RandomState": np.random.RandomState}
FAMILIES = {
    "normal": (0.3, 0.7),
    "uniform": (-0.4, 1.7),
    "exponential": (1.3,),
    "laplace": (0.3, 0.7),
    "logistic": (0.3, 0.7),
    "gumbel": (0.3, 0.7),
    "lognormal": (0.3, 0.7),
    "rayleigh": (1.3,),
    "weibull": (1.7,),
    "pareto": (2.5,),
    "power": (2.5,),
    "triangular": (-0.5, 0.4, 1.9),
}
SIZES = {"one": (), "none": (None,), "a number": (5,), "a tuple": ((2, 3),), "no draws": (0,)}
both = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def state(rng):
    return str(rng.bit_generator.state if isinstance(rng, np.random.Generator) else rng.get_state(legacy=False))


def drawing(kind, name, *size):
    """The draw as a function of its parameters, its generator made inside."""

    def f(*parameters):
        rng = kind(7)
        return getattr(rng, name)(*parameters, *size)

    return f


def same(kind, run):
    """The values of run(rng, 1.0), traced in each way and plain, are the same, and so are the generators afterwards."""
    plain, states = kind(11), set()
    truth = run(plain, 1.0)
    for derivative in (
        lambda rng: wg.vjp(lambda t: run(rng, t), 1.0)[0],
        lambda rng: wg.jvp(lambda t: run(rng, t), (1.0,), (1.0,))[0],
    ):
        rng = kind(11)
        y = derivative(rng)
        np.testing.assert_array_equal(y, truth)
        assert np.shape(y) == np.shape(truth) and np.asarray(y).dtype == np.asarray(truth).dtype
        states.add(state(rng))
    assert states == {state(plain)}


@both
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", FAMILIES)
def test_the_derivative_is_that_of_the_numbers_drawn(kind, name, size):
    check(drawing(kind, name, *size), *FAMILIES[name])


@both
@pytest.mark.parametrize("name", FAMILIES)
def test_parameters_are_broadcast(kind, name):
    first, *rest = FAMILIES[name]
    check(drawing(kind, name), first + np.linspace(0.0, 0.2, 3), *rest)
    check(drawing(kind, name, (4, 3)), first + np.linspace(0.0, 0.2, 3), *rest)
    check(drawing(kind, name), first + np.linspace(0.0, 0.2, 3), *[p + np.linspace(0.0, 0.1, 2)[:, None] for p in rest])


@both
@pytest.mark.parametrize("name", FAMILIES)
def test_the_numbers_and_the_stream_are_numpys(kind, name):
    parameters = FAMILIES[name]
    same(kind, lambda rng, t: getattr(rng, name)(*[t * p for p in parameters], 1000))
    same(kind, lambda rng, t: np.stack([getattr(rng, name)(*[t * p for p in parameters]) for _ in range(5)]))
    same(kind, lambda rng, t: getattr(rng, name)(*[t * np.full(3, p) for p in parameters], (50, 3)))


@both
def test_some_parameters_may_be_plain_and_be_given_by_name(kind):
    check(lambda s: kind(1).normal(scale=s, size=4), 0.7)
    check(lambda s: kind(1).normal([s, 1.0, 2 * s], s), 0.7)
    check(lambda low: kind(1).uniform(low, size=3, high=[4, 5, 6]), 0.7)
    check(lambda right: kind(1).triangular(0, 0, right, 6), 0.7)
    check(lambda right: kind(1).triangular(np.array([0, 1], np.uint8), 3, right, (5, 2)), 3.7)


@both
def test_gamma_in_its_scale(kind):
    check(lambda s: kind(1).gamma(2.3, s, 5), 0.7)
    check(lambda s: kind(1).gamma([0.4, 2.3], scale=s, size=(3, 2)), 0.7)
    check(lambda s: kind(1).gamma(scale=s, shape=2.3), 0.7)
    same(kind, lambda rng, t: rng.gamma([0.4, 2.3], t, (100, 2)))
    with pytest.raises(MissingRuleError, match=r"gamma was given a traced parameter(.|\n)*Its scale= may be traced"):
        wg.grad(lambda a: kind(1).gamma(a, 2.0))(1.5)


def test_a_scale_of_zero_has_a_derivative():
    z = np.random.default_rng(0).standard_normal()
    assert wg.grad(lambda s: np.random.default_rng(0).normal(1.0, s))(0.0) == z


def test_noise_is_as_exact_beside_a_large_mean():
    z = np.random.default_rng(0).standard_normal()
    assert wg.grad(lambda s: np.random.default_rng(0).normal(1e8, s))(1e-6) == z


def test_third_derivatives():
    def f(s):
        return np.random.default_rng(0).lognormal(0.1, s)

    z = np.random.default_rng(0).standard_normal()
    for a, b, c in ((wg.grad, wg.grad, wg.grad), (wg.derivative, wg.grad, wg.derivative), (wg.grad, wg.derivative, wg.grad)):
        assert a(b(c(f)))(0.5) == pytest.approx(z**3 * f(0.5), rel=1e-13)


def test_single_precision_parameters_are_drawn_in_double_and_have_their_own_gradient():
    def f(mu, s):
        return np.sum(np.random.default_rng(0).normal(mu, s) ** 2)

    mu, s = np.array([0.1, 0.2], np.float32), np.float32(0.3)
    value, (for_mu, for_s) = wg.value_and_grad(f, (0, 1))(mu, s)
    assert value == f(mu, s) and value.dtype == np.float64
    assert for_mu.dtype == for_s.dtype == np.float32
    wide = wg.grad(f, (0, 1))(mu.astype(float), float(s))
    np.testing.assert_allclose(for_mu, wide[0], rtol=1e-6)
    np.testing.assert_allclose(for_s, wide[1], rtol=1e-6)


@both
@pytest.mark.parametrize(
    "call",
    [
        lambda rng, t: rng.normal(0.0, -t),
        lambda rng, t: rng.normal(t * np.ones(3), 1.0, 4),
        lambda rng, t: rng.normal(t, nonsense=1),
        lambda rng, t: rng.normal(t, 1.0, 2, 3),
        lambda rng, t: rng.normal(t, 1.0, -1),
        lambda rng, t: rng.uniform(t, np.inf),
        lambda rng, t: rng.triangular(t, 0.0, 2.0),
        lambda rng, t: rng.weibull(-t),
        lambda rng, t: rng.weibull(),
        lambda rng, t: rng.gamma(-1.0, t),
        lambda rng, t: rng.permutation(t),
        lambda rng, t: rng.shuffle(t),
        lambda rng, t: rng.choice(t),
        lambda rng, t: rng.choice(t * np.ones(3), 4, replace=False),
        lambda rng, t: rng.choice(t * np.ones(3), p=[0.5, 0.5]),
        lambda rng, t: rng.choice(t * np.ones(0)),
    ],
)
def test_errors_are_numpys(kind, call):
    try:
        call(kind(0), 1.0)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        plain = error
    with pytest.raises(type(plain), match=re.escape(str(plain))):
        wg.jvp(lambda t: call(kind(0), t), (1.0,), (1.0,))


# --- several numbers at once ----------------------------------------------------------------------------------------------

COV = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, -0.2], [0.1, -0.2, 0.5]])
MEAN = np.array([0.1, 0.2, 0.3])


def symmetric(c):
    return (c + c.T) / 2


@pytest.mark.parametrize("method", ["svd", "eigh", "cholesky"])
def test_multivariate_normal_in_its_mean_and_covariance(method):
    check(lambda m, c: np.random.default_rng(0).multivariate_normal(m, symmetric(c), (2, 2), method=method), MEAN, COV)
    check(lambda m: np.random.default_rng(0).multivariate_normal(m, COV, method=method), MEAN)
    same(np.random.default_rng, lambda rng, t: rng.multivariate_normal(t * MEAN, t * COV, 9, method=method))
    same(np.random.default_rng, lambda rng, t: rng.multivariate_normal(cov=t * COV, mean=MEAN, method=method))


def test_multivariate_normal_of_the_legacy_stream():
    check(lambda m, c: np.random.RandomState(0).multivariate_normal(m, symmetric(c), 3), MEAN, COV)
    same(np.random.RandomState, lambda rng, t: rng.multivariate_normal(t * MEAN, t * COV, (2, 3)))


@both
def test_along_eigenvectors_that_are_not_defined_there_is_no_derivative(kind):
    with pytest.raises(MissingRuleError, match="repeated eigenvalue(.|\n)*cholesky"):
        wg.grad(lambda s: np.sum(kind(0).multivariate_normal(MEAN, s * np.eye(3))))(2.0)
    check(lambda m: kind(0).multivariate_normal(m, np.eye(3)), MEAN)
    check(lambda s: np.random.default_rng(0).multivariate_normal(MEAN, s * np.eye(3), method="cholesky"), 2.0)


# --- places ---------------------------------------------------------------------------------------------------------------


def shuffled(rng, x, *args, **kwargs):
    y = x.copy()
    rng.shuffle(y, *args, **kwargs)
    return y


def weighted(y):
    """Something that tells the elements apart."""
    return np.sin(y) * np.arange(1.0, 1.0 + y.size).reshape(y.shape)


SHAPES = {"1d": (5,), "2d": (4, 3), "3d": (3, 2, 2), "one": (1,), "empty": (0, 2)}


@both
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_shuffle_and_permutation(kind, shape):
    x = np.linspace(0.0, 1.0, int(np.prod(shape))).reshape(shape)
    check(lambda x: weighted(shuffled(kind(3), x)), x)
    check(lambda x: weighted(kind(3).permutation(x)), x)
    same(kind, lambda rng, t: shuffled(rng, t * x))
    same(kind, lambda rng, t: rng.permutation(x=t * x))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_along_an_axis(axis):
    x = np.linspace(0.0, 1.0, 24).reshape(4, 3, 2)
    for run in (
        lambda rng, x: shuffled(rng, x, axis),
        lambda rng, x: shuffled(rng, x, axis=axis),
        lambda rng, x: rng.permutation(x, axis=axis),
        lambda rng, x: rng.permuted(x, axis=axis),
        lambda rng, x: rng.choice(x, 2, axis=axis, replace=False),
        lambda rng, x: rng.choice(x, axis=axis),
    ):
        check(lambda x, run=run: weighted(run(np.random.default_rng(3), x)), x)
        same(np.random.default_rng, lambda rng, t, run=run: run(rng, t * x))


def test_permuted():
    x = np.linspace(0.0, 1.0, 12).reshape(4, 3)
    check(lambda x: weighted(np.random.default_rng(3).permuted(x)), x)

    def into(rng, t):
        y, z = t * x, np.zeros((4, 3))
        assert rng.permuted(y, axis=1, out=z) is z
        assert rng.permuted(y, axis=0, out=y) is y
        return y * z

    same(np.random.default_rng, into)
    check(lambda t: into(np.random.default_rng(3), t), 1.5)


@both
def test_a_view_is_shuffled_in_its_array(kind):
    def f(x):
        y = x * 1.0
        kind(3).shuffle(y[::2])
        kind(3).shuffle(y.reshape(3, 2).T)
        return weighted(y)

    check(f, np.linspace(0.0, 1.0, 6))


@both
def test_what_holds_no_traced_value_yet_is_shuffled_too(kind):
    def f(x):
        z = np.arange(6.0)
        kind(3).shuffle(z)
        z[0] = z[0] * x
        return z

    check(f, 2.0)


def test_shuffling_an_array_from_outside_shuffles_it():
    ours, truth = np.arange(5.0), np.arange(5.0)

    def f(x, a, rng):
        rng.shuffle(a)
        b = a.copy()
        b[0] = x
        return np.sum(b)

    wg.grad(f)(2.0, ours, np.random.default_rng(0))
    np.random.default_rng(0).shuffle(truth)
    np.testing.assert_array_equal(ours, truth)


@both
def test_lists_of_traced_values(kind):
    def f(x):
        items = [x, 2 * x, 3 * x, 4 * x]
        kind(3).shuffle(items)
        return weighted(np.stack([*items, *kind(4).permutation(items), *kind(5).choice(items, 2)]))

    check(f, 0.5)


@both
def test_choice(kind):
    x = np.linspace(0.0, 1.0, 5)
    p = [0.1, 0.2, 0.3, 0.2, 0.2]
    for arguments in ({}, {"size": 4}, {"size": (2, 3), "p": p}, {"size": 3, "replace": False}, {"size": 0}):
        check(lambda x, a=arguments: np.sin(kind(3).choice(x, **a)), x)
        same(kind, lambda rng, t, a=arguments: rng.choice(t * x, **a))
    check(lambda x: kind(3).choice(a=x, size=4), x)


# --- reaching the generator -----------------------------------------------------------------------------------------------

SHARED = np.random.default_rng(0)
DRAW = SHARED.normal


def plain_and_traced(f, rng):
    """f's value and derivative at 1.5 with the same stream, which is left the same."""
    before = copy.deepcopy(rng.bit_generator.state)
    truth, after = f(1.5), state(rng)
    rng.bit_generator.state = before
    value, slope = wg.value_and_grad(f)(1.5)
    assert value == truth and state(rng) == after
    rng.bit_generator.state = before
    assert wg.derivative(f)(1.5) == slope
    rng.bit_generator.state = before
    up = f(1.5 + 1e-6)
    rng.bit_generator.state = before
    assert (up - f(1.5 - 1e-6)) / 2e-6 == pytest.approx(slope, rel=1e-7)


def closure():
    rng = np.random.default_rng(4)
    return lambda mu: rng.normal(mu, mu), rng


def with_default(mu, rng=SHARED):
    return rng.normal(mu, mu)


def helper(rng, mu):
    return rng.normal(mu, mu)


WAYS = {
    "global": lambda mu: SHARED.normal(mu, mu),
    "default": with_default,
    "method": lambda mu: DRAW(mu, mu),
    "partial": functools.partial(helper, SHARED),
    "passed on": lambda mu: helper(SHARED, mu),
    "made of another": lambda mu: np.random.default_rng(SHARED).normal(mu, mu),
    "bit generator": lambda mu: np.random.Generator(SHARED.bit_generator).normal(mu, mu),
}


@pytest.mark.parametrize("f", WAYS.values(), ids=WAYS)
def test_a_generator_from_outside(f):
    plain_and_traced(f, SHARED)


def test_a_closed_over_generator():
    plain_and_traced(*closure())


def test_a_generator_as_an_argument():
    def f(mu, rng):
        return rng.normal(mu, mu)

    truth = f(1.5, np.random.default_rng(3))
    assert wg.value_and_grad(f)(1.5, np.random.default_rng(3))[0] == truth
    assert wg.value_and_grad(f)(1.5, rng=np.random.default_rng(3))[0] == truth
    assert wg.grad(lambda mu: wg.grad(f)(mu * mu, np.random.default_rng(3)))(1.5) == 0.0


class Model:
    def __init__(self):
        self.rng = np.random.default_rng(5)
        self.kept = None

    def sample(self, mu):
        self.kept = self.rng
        return self.rng.normal(mu, mu)


def test_a_generator_that_is_an_attribute():
    model = Model()
    plain_and_traced(model.sample, model.rng)
    assert model.kept is model.rng


class Reseeding:
    def sample(self, mu):
        self.rng = np.random.default_rng(3)
        return self.rng.normal(mu, mu) + self.rng.normal(mu)


def test_a_generator_that_is_stored_is_the_real_one():
    model = Reseeding()
    assert wg.value_and_grad(model.sample)(1.5)[0] == Reseeding().sample(1.5)
    assert type(model.rng) is np.random.Generator


def test_the_module_as_a_generator():
    def f(mu, rng=np.random):
        rng.seed(3)
        return rng.normal(mu, mu)

    check(f, 1.5)
    for slope in (wg.grad(f)(1.5, np.random), wg.grad(f)(1.5, rng=np.random), wg.grad(f)(1.5)):
        assert slope == pytest.approx(f(1.5) / 1.5, rel=1e-14)


def test_draws_of_one_generator_in_between_plain_ones():
    for kind in KINDS.values():

        def f(t, kind=kind):
            rng = kind(3)
            return rng.normal(t) + rng.random() + rng.normal(t) * rng.standard_normal(3) + rng.lognormal(t, t) + rng.normal()

        check(f, 1.5)


def test_a_generator_of_another_kind_of_bits():
    before = np.random.get_bit_generator()

    def f(t):
        return np.random.normal(t, t)

    try:
        for bits in (np.random.PCG64, np.random.MT19937, np.random.Philox):
            np.random.set_bit_generator(bits(3))
            slope = wg.grad(f)(1.5)
            np.random.set_bit_generator(bits(3))
            assert slope == pytest.approx(f(1.5) / 1.5, rel=1e-14)
            check(lambda t, bits=bits: np.random.Generator(bits(3)).normal(t, t), 1.5)
    finally:
        np.random.set_bit_generator(before)


def test_legacy_functions():
    def f(mu):
        np.random.seed(3)
        npr.seed(npr.randint(99))
        x = np.random.normal(mu, mu) + normal(mu) + npr.uniform(mu, 3.0) + np.random.permutation(mu * np.arange(3.0))[0]
        return x + default_rng(0).normal(mu, mu) + np.random.RandomState(3).normal(mu, mu)

    check(f, 1.5)
    np.random.seed(99)
    wg.grad(f)(1.5)
    traced = str(np.random.get_state())
    np.random.seed(99)
    f(1.5)
    assert str(np.random.get_state()) == traced


def dumped(rng):
    import pickle  # whose C code imports, and finds how in the function that runs

    return pickle.dumps(rng)


def test_it_is_a_generator_in_all_it_does():
    def f(x, rng):
        assert isinstance(rng, np.random.Generator) and not isinstance(rng, np.random.RandomState)
        assert rng == rng and hash(rng) == hash(rng) and "Generator(PCG64)" in repr(rng)
        assert isinstance(np.random.RandomState(0), np.random.RandomState)
        children = rng.spawn(2)
        twin = copy.deepcopy(rng)
        y = twin.normal(x) + children[1].normal(x) + rng.normal(x)
        assert twin.bit_generator.state == rng.bit_generator.state
        return y, {"rng": rng, "pickled": dumped(rng)}

    rng = np.random.default_rng(0)
    slope, aux = wg.grad(f, has_aux=True)(1.5, rng)
    assert slope == 3.0
    assert aux["rng"] is rng
    assert b"numpy.random._pickle" in aux["pickled"] and b"Drawing" not in aux["pickled"]


def test_scipy_draws_from_it():
    def f(x, rng):
        return x * (
            scipy.stats.norm.rvs(size=3, random_state=rng)
            + np.random.default_rng(rng).normal(size=3)
            + scipy.stats.bootstrap((np.arange(9.0),), np.mean, n_resamples=3, method="basic", rng=rng).bootstrap_distribution
        )

    ours, plain = np.random.default_rng(0), np.random.default_rng(0)
    np.testing.assert_array_equal(wg.jvp(lambda x: f(x, ours), (2.0,), (1.0,))[0], f(2.0, plain))
    assert state(ours) == state(plain)


@both
def test_what_is_drawn_plainly_may_be_written(kind):
    def f(s):
        rng = kind(0)
        eps = rng.standard_normal(4)
        eps *= s
        eps[1:] += rng.uniform(0.0, 1.0, 3) * s**2
        return eps

    check(f, 0.7)


def test_buffers_are_filled():
    def f(s):
        rng, eps, total = np.random.default_rng(0), np.empty(3), np.zeros(3)
        for _ in range(3):
            assert rng.standard_normal(out=eps) is eps
            eps *= s
            total += eps
            rng.random(3, np.float64, eps)
        return total * eps

    check(f, 0.7)

    buffer = np.empty(3)

    def g(s, rng):
        return s * rng.standard_normal(out=buffer)[0]

    assert wg.grad(g)(2.0, np.random.default_rng(0)) == np.random.default_rng(0).standard_normal()
    np.testing.assert_array_equal(buffer, np.random.default_rng(0).standard_normal(3))


def test_a_generator_that_is_bound_anew_is_left_alone():
    rng = np.random.default_rng(0)

    def reseed():
        nonlocal rng
        rng = np.random.default_rng(1)

    def f(x):
        reseed()
        return x * rng.normal()

    assert wg.grad(f)(2.0) == np.random.default_rng(1).normal()


# --- what is refused ------------------------------------------------------------------------------------------------------

REFUSED = {
    "beta": (1.0, 2.0),
    "binomial": (5, 0.5),
    "chisquare": (2.0,),
    "dirichlet": (np.ones(2),),
    "f": (2.0, 3.0),
    "gamma": (2.0,),
    "geometric": (0.5,),
    "hypergeometric": (5.0, 3.0, 2.0),
    "logseries": (0.5,),
    "multinomial": (3, np.array([0.5, 0.5])),
    "negative_binomial": (5.0, 0.5),
    "noncentral_chisquare": (2.0, 1.0),
    "noncentral_f": (2.0, 2.0, 1.0),
    "poisson": (2.0,),
    "standard_gamma": (2.0,),
    "standard_t": (3.0,),
    "vonmises": (0.1, 1.0),
    "wald": (1.0, 2.0),
    "zipf": (2.5,),
}


@both
@pytest.mark.parametrize("name", REFUSED)
def test_what_jumps_is_refused(kind, name):
    def f(x):
        return np.sum(getattr(kind(0), name)(*REFUSED[name][:-1], x))

    last = REFUSED[name][-1]
    with pytest.raises(MissingRuleError, match=rf"numpy.random.{kind(0).__class__.__name__}.{name} (.|\n)*stop_gradient"):
        wg.grad(f)(last)

    def stopped(x):
        return np.sum(x) * np.sum(getattr(kind(0), name)(*REFUSED[name][:-1], wg.stop_gradient(x)))

    np.testing.assert_allclose(wg.grad(stopped)(last), f(last) * np.ones(np.shape(last)))


@both
def test_probabilities_of_a_choice_are_refused(kind):
    p = np.array([0.2, 0.8])
    for f in (
        lambda p: kind(0).choice(2, p=p),
        lambda p: kind(0).choice([1.0, 2.0], None, True, p),
        lambda p: kind(0).choice(p, p=p),
    ):
        with pytest.raises(MissingRuleError, match="choice was given a traced parameter(.|\n)*whole numbers"):
            wg.grad(f)(p)


def test_the_score_function_that_the_error_names():
    """E[k^2] of a Poisson variable is rate + rate^2; the estimator that is advised finds its derivative, 1 + 2 rate."""

    def f(rate):
        k = np.random.default_rng(0).poisson(wg.stop_gradient(rate), 200_000)
        return np.mean(k**2.0 * (k * np.log(rate) - rate))

    assert wg.grad(f)(1.5) == pytest.approx(1 + 2 * 1.5, rel=0.03)


def test_every_method_of_the_generators_is_known():
    for kind in KINDS.values():
        methods = {name for name in dir(kind(0)) if not name.startswith("_") and callable(getattr(kind(0), name))}
        no_parameters = {"bytes", "spawn", "seed", "get_state", "set_state", "rand", "randn", "random_sample", "tomaxint"}
        assert methods - {*draws.WAYS, *draws.WHY} - no_parameters == {"standard_cauchy"}


def test_out_of_reach_it_is_loud():
    held = {"rng": np.random.default_rng(0)}
    with pytest.raises(ConversionError):
        wg.grad(lambda x: held["rng"].normal(x))(1.0)


def test_a_stream_that_does_not_explain_the_numbers_is_an_error(monkeypatch):
    monkeypatch.setitem(draws.FORMULAS, "normal", (draws.uniform, draws.FORMULAS["normal"][1]))
    with pytest.raises(TraceError, match="drew other numbers"):
        wg.grad(lambda x: np.random.default_rng(0).normal(x))(1.0)


@both
@pytest.mark.parametrize("name", FAMILIES)
def test_a_draw_is_of_numpys_kind(kind, name):
    parameters = FAMILIES[name]
    for convert in (float, np.float64, np.asarray, lambda p: np.array([p])):
        for size in ({}, {"size": None}, {"size": ()}, {"size": 1}, {"size": (2,)}):
            if np.ndim(convert(1.0)) and size.get("size", 1) == ():
                continue
            given = list(map(convert, parameters))

            def f(x, given=given, size=size):
                *rest, last = given
                return getattr(kind(3), name)(*rest, last * x, **size)

            truth = f(1.0)
            for y in (wg.vjp(f, 1.0)[0], wg.jvp(f, (1.0,), (1.0,))[0]):
                assert type(y) is type(truth) and np.shape(y) == np.shape(truth)
                np.testing.assert_array_equal(y, truth)


@both
def test_a_chosen_element_is_of_numpys_kind(kind):
    def f(x):
        return [kind(3).choice(x, *size) for size in ((), (None,), ((),), (1,))]

    x = np.linspace(0.1, 0.9, 5)
    for y, truth in zip(wg.vjp(f, x)[0], f(x), strict=True):
        assert type(y) is type(truth) and y == truth
