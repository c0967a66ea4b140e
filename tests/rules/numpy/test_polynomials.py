"""Values, products, quotients, roots and fits of polynomials."""

import numpy as np
import pytest
import sympy
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import Draw, call, positive, real, spread

import wengert as wg
from wengert.rules.numpy.polynomials import blurred
from wengert.testing import check

X, Y, W = real(6, form=lambda a: np.linspace(-1.5, 1.5, 6) + 0.1 * a), real(6), positive(6)
ZEROS = real(3, form=lambda a: np.array([-2.0, 0.5, 3.0]) + 0.1 * a)


def near(roots):
    """The coefficients of polynomials whose roots are near these."""
    return Draw((len(roots) + 1,), -0.1, 0.1, form=lambda a: np.real(np.poly(roots)) + a)


def conjugates(a):
    """Two numbers as a pair of conjugate ones."""
    return np.array([a[0] + 1j * a[1], a[0] - 1j * a[1]])


CHAPTER = Chapter(
    "numpy.polynomials",
    calls=[
        call(np.polyval, real(4), real(2, 3)),
        call(np.polyval, real(1), real(3)),
        call(np.polyval, real(3), real()).but(rounding=2),  # NumPy multiplies complex numbers and 0-d arrays differently
        call(np.polyval, real(3), 2.0),
        call(np.polyval, [1.0, -2.0, 0.5], real(3)),
        call(np.polyval, real(3, 2), real(2)),
        call(np.polyadd, real(4), real(2)),
        call(np.polyadd, real(2), real(2)),
        call(np.polyadd, real(), real(3)),
        call(np.polysub, real(2), real(4)),
        call(np.polysub, real(3), [1.0, 2.0]),
        call(np.polymul, real(4), real(3)),
        call(np.polymul, real(2), np.array([0.0, 2.0, 1.0])),
        call(np.polydiv, real(5), positive(3)),
        call(np.polydiv, real(2), positive(3)),
        call(np.polydiv, real(3), positive(1)),
        call(np.polydiv, np.array([1.0, -3.0, 2.0, 5.0]), positive(2)),
        call(np.polyder, real(4)),
        call(np.polyder, real(4), 2),
        call(np.polyder, real(3), m=0),
        call(np.polyder, real(2), 3),
        call(np.polyint, real(4)),
        call(np.polyint, real(3), 2, k=real(2)),
        call(np.polyint, real(3), m=2, k=real()),
        call(np.roots, near([1.0, -2.0, 0.5, 3.0])),
        call(np.roots, near([1.0 + 2.0j, 1.0 - 2.0j, -0.5])),
        call(np.roots, real(1)),
        call(blurred, ZEROS, near([-2.0, 0.5, 3.0])),
        call(np.poly, ZEROS),
        call(np.poly, real(2, form=conjugates, direction=lambda t: conjugates(np.real(t)))),
        call(np.poly, spread(3, 3)),
        call(np.poly, real(3, 3)),
        call(np.polyfit, X, Y, 2),
        call(np.polyfit, X, real(6, 2), 1),
        call(np.polyfit, X, Y, 2, w=W),
        call(np.polyfit, X, real(6, 2), 1, w=W),
        call(np.polyfit, X, Y, 2, full=True),
        call(np.polyfit, X, real(6, 2), 1, None, True, W),
        call(np.polyfit, X, Y, 2, cov=True),
        call(np.polyfit, X, real(6, 2), 1, w=W, cov=True),
        call(np.polyfit, X, Y, 1, cov="unscaled"),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


# --- where roots and eigenvalues coincide -----------------------------------------------------------------------------

MATRICES = {
    "the unit matrix": np.eye(3),
    "a Jordan block": np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]]),
    "nothing": np.zeros((3, 3)),
}


@pytest.mark.parametrize("A", MATRICES.values(), ids=MATRICES)
def test_a_characteristic_polynomial_is_smooth_where_eigenvalues_coincide(A):
    names = sympy.Matrix(3, 3, sympy.symbols("a:9"))
    coefficients = names.charpoly().all_coeffs()
    here = dict(zip(names, A.ravel().tolist(), strict=True))

    def truth(*orders):
        """The derivatives of the coefficients by entries, taken by SymPy."""
        return np.array([[sympy.diff(c, *v).subs(here) for v in orders] for c in coefficients], float)

    first = wg.jacobian(np.poly)(A).reshape(4, 9)
    np.testing.assert_allclose(first, truth(*((a,) for a in names)), atol=1e-12)
    second = wg.jacfwd(wg.jacrev(np.poly))(A).reshape(4, 81)
    np.testing.assert_allclose(second, truth(*((a, b) for a in names for b in names)), atol=1e-12)


def test_a_root_at_zero_moves_with_the_last_coefficient():
    p = np.array([1.0, -1.0, 0.0])  # x**2 - x: NumPy sets trailing zeros aside and appends their roots
    np.testing.assert_array_equal(np.roots(p), [1.0, 0.0])
    np.testing.assert_allclose(wg.jacobian(np.roots)(p), [[-1.0, -1.0, -1.0], [0.0, 0.0, 1.0]], atol=1e-14)


def test_a_leading_zero_is_a_root_at_infinity_and_does_not_disturb_the_others():
    p = np.array([0.0, 2.0, -4.0])  # 2 x - 4: dr = -(r**2, r, 1) / 2 at r = 2
    np.testing.assert_allclose(wg.jacobian(np.roots)(p), [[-2.0, -1.0, -0.5]])


def test_a_double_root_has_no_derivative():
    p = np.array([1.0, 0.0, 0.0])
    assert not np.any(np.isfinite(wg.jacobian(np.roots)(p)[:, 2]))


POWERS = {"double": [1.0, 1.0, 2.0], "triple": [1.0, 1.0, 1.0], "close": [1.0, 1.0 + 1e-6, 2.0], "apart": [1.0, 1.001, 2.0]}


@pytest.mark.parametrize("roots", POWERS.values(), ids=POWERS)
def test_a_symmetric_function_of_roots_that_nearly_coincide(roots):
    """The sum of their squares is (c1**2 - 2 c0 c2) / c0**2; its second derivative is right or NaN."""
    squares = lambda c: np.real(np.sum(np.roots(c) ** 2))
    exact = lambda c: (c[1] ** 2 - 2.0 * c[0] * c[2]) / c[0] ** 2
    c = np.poly(roots)
    truth, t = wg.grad(exact)(c), np.array([0.3, -0.2, 0.5, 0.1])
    np.testing.assert_allclose(wg.grad(squares)(c), truth, atol=2e-5)
    np.testing.assert_allclose(wg.jvp(squares, (c,), (t,))[1], truth @ t, rtol=1e-5)
    for second in (wg.hessian, lambda f: wg.jacfwd(wg.jacfwd(f))):
        found = second(squares)(c)
        assert np.isnan(found).any() or np.allclose(found, wg.hessian(exact)(c), rtol=1e-4, atol=1e-4)


def test_poly_and_roots_undo_each_other():
    roots = np.array([-2.0, 0.5, 3.0])
    J = wg.jacobian(lambda r: np.roots(np.poly(r)))(roots)
    order = np.argsort(np.roots(np.poly(roots)))
    np.testing.assert_allclose(J[order], np.eye(3), atol=1e-12)


# --- forms ------------------------------------------------------------------------------------------------------------


def test_a_poly1d_of_traced_coefficients_is_differentiated():
    def energy(c, x):
        p = np.poly1d(c)
        q, r = np.polydiv((p * p).coeffs, np.poly1d([1.0, 2.0]))
        assert isinstance(q, np.poly1d) and isinstance(r, np.poly1d)
        return (p.deriv() + q - r)(x) * p.integ(1, 0.5)(x)

    check(energy, np.array([1.0, -2.0, 0.5]), 1.5, order=2)


def test_a_polynomial_of_a_polynomial():
    p = np.poly1d([1.0, 2.0])
    J = wg.jacobian(lambda c: np.polyval(c, p).coeffs)(np.array([3.0, 4.0, 5.0]))
    np.testing.assert_allclose(J, [[1.0, 0.0, 0.0], [4.0, 1.0, 0.0], [4.0, 2.0, 1.0]])  # c0 (x + 2)**2 + c1 (x + 2) + c2


def test_coefficients_may_be_a_list_of_traced_numbers():
    assert wg.grad(lambda x: np.polyval([x, 2.0 * x, 1.0], x))(3.0) == 3 * 3.0**2 + 4 * 3.0
    assert wg.grad(lambda x: np.polyadd([x, 1.0], x * np.ones(1))[1])(3.0) == 1.0


@pytest.mark.parametrize(
    ("f", "error"),
    [
        (lambda x: np.polyder(x, -1), ValueError),
        (lambda x: np.polyint(x, -1), ValueError),
        (lambda x: np.polyint(x, 3, k=[1.0, 2.0]), ValueError),
        (lambda x: np.poly(x[None]), ValueError),
        (lambda x: np.polyfit(x, x, -1), ValueError),
        (lambda x: np.polyfit(x[None], x, 1), TypeError),
        (lambda x: np.polyfit(x[:0], x, 1), TypeError),
        (lambda x: np.polyfit(x, 1.0, 1), TypeError),
        (lambda x: np.polyfit(x, x[:2], 1), TypeError),
        (lambda x: np.polyfit(x, x, 1, w=x[:2]), TypeError),
        (lambda x: np.polyfit(x, x * x, 2, cov=True), ValueError),
    ],
)
def test_what_numpy_refuses_is_refused_alike(f, error):
    x = np.array([1.0, 2.0, 4.0])
    for call_of in (f, lambda x: wg.vjp(f, x)):
        with pytest.raises(error):
            call_of(x)


def test_an_ill_conditioned_fit_warns_as_in_numpy():
    with pytest.warns(np.exceptions.RankWarning, match="poorly conditioned") as shown:
        wg.vjp(lambda x: np.polyfit(np.ones(4), x, 2), np.arange(4.0))
    assert shown[0].filename == __file__
