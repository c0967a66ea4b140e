"""The twins of scipy.special: SciPy's values, and derivatives that keep every law."""

import inspect
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import scipy.special
from tests.rules.laws import laws_of, prove
from tests.rules.samples import call, fixed, positive, real

import wengert as wg
from wengert.errors import ConversionError, MissingRuleError
from wengert.rules.declare import NOT_YET, TWINS, row_of
from wengert.rules.scipy.special import not_yet
from wengert.scipy import special

X, POSITIVE, NEGATIVE, ORDER = real(2, 3), positive(2, 3), real(2, 3, low=-3.0, high=-0.2), np.array([[0], [3]])
SPHERICAL = (special.spherical_jn, special.spherical_yn, special.spherical_in, special.spherical_kn)
SIGNS = [POSITIVE, NEGATIVE] if hasattr(scipy.special.spherical_jn, "__wrapped__") else [POSITIVE]  # SciPy 1.16
ORDERS = np.array([[0], [1], [-2]])
AT_INFINITY = ("no_number_raises",)  # where SciPy's recurrences say NaN
WEIGHTS = np.array([[0.5, -0.2, 1.0], [2.0, 0.0, 0.3]])

CALLS = [
    call(special.logsumexp, X),
    call(special.logsumexp, X, axis=0),
    call(special.logsumexp, X, axis=(0, 1), keepdims=True),
    call(special.logsumexp, X, axis=-1, return_sign=True),
    call(special.logsumexp, X, axis=1, b=POSITIVE),
    call(special.logsumexp, X, b=WEIGHTS, return_sign=True, keepdims=True),
    call(special.logsumexp, [real(3), real(3)], 0),
    call(special.softmax, X),
    call(special.softmax, X, axis=1),
    call(special.log_softmax, X),
    call(special.log_softmax, X, axis=0),
    call(special.multigammaln, real(2, 3, low=1.5, high=4.0), 3),
    call(special.polygamma, np.array([[0], [1], [3]]), positive(3)),
    call(special.zeta, fixed(2, 3, low=1.5, high=4.0), POSITIVE),
    call(special.comb, real(2, 3, low=3.2, high=5.0), POSITIVE),
    call(special.comb, real(2, 3, low=3.2, high=5.0), POSITIVE, repetition=True),
    call(special.perm, real(2, 3, low=3.2, high=5.0), POSITIVE),
    call(special.factorial, POSITIVE),
    *(
        [
            call(special.factorial, X, extend="complex"),
            call(special.factorial2, POSITIVE, extend="complex"),
            call(special.factorialk, POSITIVE, 3, extend="complex"),
        ]
        if "extend" in inspect.signature(scipy.special.factorial).parameters  # SciPy 1.15
        else []
    ),
    *(call(f, 1.5, POSITIVE, n) for f in (special.jvp, special.yvp, special.ivp, special.kvp) for n in (0, 2)),
    *(call(f, ORDER, POSITIVE) for f in (special.h1vp, special.h2vp)),
    *(call(f, ORDER, x, derivative) for f in SPHERICAL for x in SIGNS for derivative in (False, True)),
    call(special.lambertw, POSITIVE),
    call(special.lambertw, real(2, 3, low=-0.3, high=-0.1), -1),
    call(special.assoc_laguerre, X, 3, 0.5),
    call(special.diric, X, ORDER + 1),
    *([call(special.softplus, X)] if hasattr(scipy.special, "softplus") else []),
    *(
        [
            call(special.legendre_p, ORDER, X).but(without=AT_INFINITY),
            # complex z is refused: test_what_has_no_derivative_is_refused
            call(special.assoc_legendre_p, 3, ORDERS, real(3, low=-0.9, high=0.9)).but(complex=False, without=AT_INFINITY),
            call(special.assoc_legendre_p, 3, ORDERS, real(3, low=-0.9, high=0.9), norm=True).but(
                complex=False, without=AT_INFINITY
            ),
            call(special.sph_legendre_p, 3, ORDERS, positive(3)),
            call(special.sph_harm_y, 3, ORDERS, positive(3), real(3)),
        ]
        if hasattr(scipy.special, "legendre_p")
        else []
    ),
]
SAMPLES = [sample.but(rounding=32) for sample in CALLS]  # SciPy computes in another order


@pytest.mark.parametrize(("law", "sample"), [pytest.param(law, s, id=f"{s}-{law.__name__}") for s in SAMPLES for law in laws_of(s)])
def test_law(law, sample):
    prove(law, sample)


# --- all of scipy.special is here -------------------------------------------------------------------------------------------

PUBLIC = {name: f for name in scipy.special.__all__ if not isinstance(f := getattr(scipy.special, name), type)}


def has_row(f):
    try:
        return bool(row_of(f))
    except MissingRuleError:
        return False


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_has_a_row_a_twin_or_a_reason(name):
    f = PUBLIC[name]
    assert [has_row(f), f in TWINS, f in NOT_YET].count(True) == 1


def test_the_reasons_are_of_functions_each_named_once():
    names = " ".join(not_yet.REASONS.values()).split()
    assert len(names) == len(set(names))
    assert {not_yet.function(name) for name in names} - {None} == {f for f in NOT_YET if f in not_yet.functions(" ".join(names))}
    # in SciPy before 1.17, or private
    assert set(names) - set(PUBLIC) <= {"_riemann_zeta", "_ellip_harm", "lpn", "lpmn", "clpmn", "sph_harm"}


def test_every_name_is_exported():
    assert special.__all__ == scipy.special.__all__
    assert all(getattr(special, name) is TWINS.get(f, f) for name, f in PUBLIC.items())


def test_every_twin_is_proved():
    proved = {sample.f for sample in CALLS}
    assert not [f.__name__ for f in TWINS.values() if f.__module__.startswith("wengert.scipy.special") and f not in proved]


@pytest.mark.parametrize("f", [f for f in TWINS if inspect.isfunction(f)], ids=lambda f: f.__name__)
def test_a_twin_has_the_signature_of_its_sibling(f):
    ours, theirs = (inspect.signature(g).parameters for g in (TWINS[f], f))
    assert [(p.name, p.default, p.kind) for p in theirs.values()] == [
        (p.name, p.default, p.kind)
        for p in ours.values()
        if p.name in theirs or p.name != "extend"  # SciPy 1.15
    ]
    assert pickle.loads(pickle.dumps(TWINS[f])) is TWINS[f]


def test_without_traced_arguments_a_twin_is_scipys():
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert special.logsumexp(x) == scipy.special.logsumexp(x)
    assert special.comb(10, 3, exact=True) == 120 and type(special.comb(10, 3, exact=True)) is int
    assert special.factorial([5, 20], exact=True).dtype == np.int64
    np.testing.assert_array_equal(
        special.sph_harm_y(2, 1, 0.3, 0.2, diff_n=1)[1], scipy.special.sph_harm_y(2, 1, 0.3, 0.2, diff_n=1)[1]
    )


# --- infinities ---------------------------------------------------------------------------------------------------------------

INF = np.inf


@pytest.mark.parametrize(
    ("a", "gradient"),
    [
        ([1000.0, 0.0], [1.0, 0.0]),
        ([-1000.0, -1000.0], [0.5, 0.5]),
        ([0.0, -INF], [1.0, 0.0]),
        ([-INF, 2.0, -INF], [0.0, 1.0, 0.0]),
        ([-INF, -INF], [0.5, 0.5]),  # they share, as in np.logaddexp
        ([INF, 0.0], [1.0, 0.0]),
        ([INF, INF, -INF], [0.5, 0.5, 0.0]),
        ([0.0, 0.0, -INF], [0.5, 0.5, 0.0]),
    ],
)
def test_logsumexp_at_infinity(a, gradient):
    a = np.array(a)
    np.testing.assert_allclose(wg.value_and_grad(special.logsumexp)(a)[0], scipy.special.logsumexp(a), rtol=1e-15)
    np.testing.assert_allclose(wg.grad(special.logsumexp)(a), gradient, rtol=1e-15)
    np.testing.assert_allclose(wg.jvp(special.logsumexp, (a,), (np.ones(len(a)),))[1], 1.0)
    np.testing.assert_allclose(wg.grad(np.logaddexp.reduce)(a), gradient, rtol=1e-13)
    curvature = np.diag(gradient) - np.outer(gradient, gradient) if np.isfinite(max(a)) else np.zeros((len(a), len(a)))
    np.testing.assert_allclose(wg.hessian(special.logsumexp)(a), curvature, atol=1e-15)


def test_logsumexp_of_rows_some_of_which_are_masked():
    a = np.array([[0.0, 1.0], [-INF, -INF], [2.0, -INF]])
    f = lambda a: np.sum(
        np.where(np.isneginf(scipy.special.logsumexp(wg.stop_gradient(a), axis=1)), 0.0, special.logsumexp(a, axis=1))
    )
    np.testing.assert_allclose(wg.grad(f)(a), [scipy.special.softmax(a[0]), [0.0, 0.0], [1.0, 0.0]])


def test_logsumexp_hears_nothing_where_the_weight_is_zero():
    a, b = np.array([1.0, 2000.0, INF, np.nan]), np.array([2.0, 0.0, 0.0, 0.0])
    value, (da, db) = wg.value_and_grad(lambda a, b: special.logsumexp(a, b=b), (0, 1))(a, b)
    assert value == scipy.special.logsumexp(a, b=b)
    np.testing.assert_allclose(da, [1.0, 0.0, 0.0, 0.0])
    assert db[0] == 0.5 and np.all(db[1:3] > 1e300)  # what a little weight would bring


def test_logsumexp_keeps_the_digits_of_small_logarithms():
    a = np.array([0.0, -40.0])
    assert wg.value_and_grad(special.logsumexp)(a)[0] == pytest.approx(np.exp(-40.0), rel=1e-15)


def test_logsumexp_of_a_negative_sum():
    a, b = np.array([0.0, 1.0]), np.array([1.0, -1.0])
    assert np.isnan(wg.vjp(lambda a: special.logsumexp(a, b=b), a)[0])
    log, sign = wg.vjp(lambda a: special.logsumexp(a, b=b, return_sign=True), a)[0]
    assert sign == -1.0 and log == pytest.approx(np.log(np.e - 1))


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: special.polygamma(1, x), scipy.special.polygamma(2, 2.5)),
        (lambda x: special.logsumexp(x), 1.0),
        (lambda x: special.comb(x, 1.0), 1.0),
        (lambda x: special.perm(x, 2.0), 4.0),
        (lambda x: special.factorial(x - 1.5), 1.0 - np.euler_gamma),
        (lambda x: special.spherical_kn(0, x), scipy.special.spherical_kn(0, 2.5, derivative=True)),
        (lambda x: special.zeta(2.0, x), -2 * scipy.special.zeta(3.0, 2.5)),
        (lambda x: special.multigammaln(x, 1), scipy.special.psi(2.5)),
    ],
)
def test_numbers(f, slope):
    np.testing.assert_allclose([wg.grad(f)(2.5), wg.derivative(f)(2.5)], slope, rtol=1e-13)


def test_softmax_masks():
    x = np.array([0.0, -INF, 1.0])
    slopes = wg.jacobian(special.softmax)(x)
    p = scipy.special.softmax(x)
    np.testing.assert_allclose(slopes, np.diag(p) - np.outer(p, p))
    gradient = wg.grad(lambda x: special.log_softmax(x)[0])(x)
    np.testing.assert_allclose(gradient, [1.0 - p[0], 0.0, -p[2]])


def test_spherical_bessel_functions_at_the_origin():
    assert wg.derivative(lambda z: special.spherical_jn(1, z))(0.0) == pytest.approx(1 / 3)
    assert wg.derivative(wg.derivative(lambda z: special.spherical_jn(0, z)))(0.0) == pytest.approx(-1 / 3)


def test_a_periodic_sinc_is_smooth_at_its_peaks():
    assert wg.derivative(lambda x: special.diric(x, 5))(0.0) == 0.0
    assert wg.derivative(wg.derivative(lambda x: special.diric(x, 5)))(0.0) == pytest.approx(-(5**2 - 1) / 12)


# --- what is refused ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda x: special.comb(x, 2.0, exact=True), "exact=True"),
        (lambda x: special.perm(x, 2.0, True), "exact=True"),
        (lambda x: special.factorial(x, exact=True), "exact=True"),
        (lambda x: special.polygamma(x, 2.0), "polygamma has no derivative with respect to n"),
        (lambda x: special.multigammaln(5.0, x), "with respect to d"),
        (lambda x: special.jvp(x, 2.0), "with respect to v"),
        (lambda x: special.spherical_jn(x, 2.0), "with respect to n"),
        (lambda x: special.diric(0.3, x), "with respect to n"),
        (lambda x: special.zeta(x), "scipy.special._riemann_zeta has no derivative rule: the derivative of Riemann's zeta"),
        (lambda x: special.zeta(x, 2.0), "scipy.special._zeta has no derivative with respect to argument 0"),
        (lambda x: special.jv(x, 2.0), "scipy.special.jv has no derivative with respect to argument 0"),
        (lambda x: special.pbdv(x, 2.0)[0], "scipy.special.pbdv has no derivative with respect to argument 0"),
        (lambda x: special.bdtrik(0.3, 5, x), "scipy.special.bdtrik has no derivative rule: it is inverse in a parameter"),
    ],
)
def test_what_has_no_derivative_is_refused(f, message):
    for derivative in (wg.grad(f), wg.derivative(f)):
        with pytest.raises(MissingRuleError, match=message):
            derivative(3.0)


@pytest.mark.skipif(not hasattr(scipy.special, "legendre_p"), reason="SciPy 1.15")
@pytest.mark.parametrize(
    "f",
    [
        lambda x: special.legendre_p(2, x, diff_n=1),
        lambda x: special.sph_harm_y(2, 1, x, 0.2, diff_n=1),
        lambda x: special.assoc_legendre_p(2, 1, x, branch_cut=3),
        lambda x: special.assoc_legendre_p(2, 1, x + 0j),
    ],
)
def test_legendre_functions_say_what_they_lack(f):
    with pytest.raises(MissingRuleError, match="scipy.special"):
        wg.vjp(f, 0.3)


@pytest.mark.parametrize(
    ("f", "advice"),
    [
        (lambda x: scipy.special.logsumexp(x), "Write wengert.scipy.special.logsumexp, its twin"),
        (lambda x: scipy.special.comb(x, 2.0), "Write wengert.scipy.special.comb, its twin"),
        (lambda x: scipy.special.factorial(x), "Write wengert.scipy.special.factorial, its twin"),
        (lambda x: scipy.special.lqn(2, x), "scipy.special.lqn has no derivative rule: it gives all orders"),
        (lambda x: scipy.special.roots_jacobi(3, x[0], 0.5), "scipy.special.roots_jacobi has no derivative rule: it takes whole"),
    ],
)
def test_the_real_function_refuses_a_traced_value_and_names_its_twin(f, advice):
    out_of_reach = [f]
    for derivative in (
        lambda: wg.vjp(lambda x: out_of_reach[0](x), np.array([0.3, 0.4])),
        lambda: wg.jvp(lambda x: out_of_reach[0](x), (np.array([0.3, 0.4]),), (np.ones(2),)),
    ):
        with pytest.raises(ConversionError, match=advice):
            derivative()


def in_a_fresh_process(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    ).stdout.split("\n")


def test_twins_are_known_without_importing_them():
    out = in_a_fresh_process("""
import numpy as np, wengert as wg, scipy.special
try:
    wg.grad(scipy.special.logsumexp)(np.ones(2))
except wg.errors.ConversionError as error:
    print(error)
""")
    assert "wengert.scipy.special.logsumexp" in out[0]


def test_ufuncs_that_scipy_wraps_for_array_libraries_have_twins():
    out = in_a_fresh_process(
        """
import numpy as np, wengert as wg, scipy.special
from wengert.rules.declare import TWINS
from wengert.scipy import special
print(wg.grad(special.erf)(0.0), wg.grad(special.logsumexp)(np.zeros(2)), isinstance(special.erf, np.ufunc))
print(TWINS[scipy.special.erf](1.0) == special.erf(1.0))
""",
        SCIPY_ARRAY_API="1",
    )
    assert out[:2] == ["1.1283791670955126 [0.5 0.5] True", "True"]
