"""The complex step, as an oracle, is right: each function that stands for NumPy's has NumPy's value, and mpmath's derivative."""

import math

import mpmath
import numpy as np
import pytest
import scipy.special
from tests import complex_numpy, complex_pairs, complex_step
from tests.complex_pairs import Pair
from tests.complex_step import STEP, Replay

MIDDLE, POSITIVE, ABOVE_ONE = (0.3, -0.7, 0.05), (0.2, 1.7, 30.0), (1.2, 5.0)

EVERYWHERE = "sin cos tan sinh cosh tanh exp expm1 asin acos atan asinh atanh erf erfc"
OF_POSITIVE = "sqrt log log10 log1p gamma"
NUMBERS = {
    **{f: ("math", getattr(mpmath, f), MIDDLE) for f in EVERYWHERE.split()},
    **{f: ("math", getattr(mpmath, f), POSITIVE) for f in OF_POSITIVE.split()},
    "acosh": ("math", mpmath.acosh, ABOVE_ONE),
    "log2": ("math", lambda x: mpmath.log(x, 2), POSITIVE),
    "lgamma": ("math", mpmath.loggamma, POSITIVE),
    "fabs": ("math", abs, MIDDLE),
    "degrees": ("math", mpmath.degrees, MIDDLE),
    "cbrt": ("numpy", lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), MIDDLE),
    "gammaln": ("scipy.special", mpmath.loggamma, POSITIVE),
    "expit": ("scipy.special", lambda x: 1 / (1 + mpmath.exp(-x)), MIDDLE),
    "logit": ("scipy.special", lambda x: mpmath.log(x / (1 - x)), (0.2, 0.9)),
    "ndtr": ("scipy.special", mpmath.ncdf, MIDDLE),
}
REAL = {"math": math, "numpy": np, "scipy.special": scipy.special}


@pytest.mark.parametrize("name", NUMBERS)
def test_functions_of_a_number(name):
    module, exact, points = NUMBERS[name]
    f = getattr(complex_step.imported(module, fromlist=(name,)), name)
    for x in points:
        y = f(np.complex128(x + 1j * STEP))
        assert y.real == pytest.approx(getattr(REAL[module], name)(x), rel=1e-13)
        assert y.imag / STEP == pytest.approx(float(mpmath.diff(exact, x)), rel=1e-12)


PLANE = [(0.3, 0.4), (-0.3, 0.4), (-0.3, -0.4), (0.3, -0.4), (0.0, 2.0), (2.0, 0.0), (1e-3, -5.0), (-5.0, 1e-3)]


@pytest.mark.parametrize("x", PLANE)
@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("name", ["arctan2", "hypot", "logaddexp"])
def test_functions_of_two_numbers(name, x, place):
    exact = {"arctan2": mpmath.atan2, "hypot": mpmath.hypot, "logaddexp": lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b))}
    moved = np.array(x, complex)
    moved[place] += 1j * STEP
    y = complex_numpy.NUMPY[name](*moved)
    truth = mpmath.diff(exact[name], x, (1, 0) if place == 0 else (0, 1))
    assert y.real == pytest.approx(getattr(np, name)(*x), rel=1e-13)
    assert y.imag / STEP == pytest.approx(float(truth), rel=1e-11, abs=1e-15)


A = np.array([[4.0, 1.0, -0.5], [1.0, 3.0, 0.7], [-0.5, 0.7, 2.0]])
D = np.array([[0.3, -0.2, 0.5], [-0.2, 0.9, 0.4], [0.5, 0.4, -0.6]])
TALL, ALONG = np.vstack([A, [[0.3, -2.0, 1.0]]]), np.vstack([D, [[1.0, 0.2, 0.3]]])

MATRICES = {
    "cholesky": (np.linalg.cholesky, A, D),
    "eigh": (np.linalg.eigh, A, D),
    "eig": (np.linalg.eig, A + np.triu(A), D),
    "svd": (lambda a: np.linalg.svd(a, full_matrices=False), TALL, ALONG),
    "qr": (np.linalg.qr, TALL, ALONG),
    "pinv": (np.linalg.pinv, TALL, ALONG),
    "slogdet": (np.linalg.slogdet, A, D),
    "norm": (np.linalg.norm, TALL, ALONG),
}


@pytest.mark.parametrize("name", MATRICES)
def test_functions_of_a_matrix(name):
    real, a, d = MATRICES[name]

    def parts(y):
        return [np.asarray(part) for part in y] if isinstance(y, tuple) else [np.asarray(y)]

    def along(h):
        return parts(real(a + h * d))

    stepped = parts(complex_numpy.LINALG[name](a + 1j * STEP * d))
    near, far = 1e-4, 2e-4
    for y, value, a1, b1, a2, b2 in zip(stepped, along(0.0), along(near), along(-near), along(far), along(-far), strict=True):
        np.testing.assert_allclose(y.real, value, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(y.imag / STEP, (8 * (a1 - b1) - (a2 - b2)) / (12 * near), atol=2e-10)


Z = np.array([0.3 + 0.8j, -1.1 + 0.2j, 0.7 - 0.4j, -0.2 - 0.9j, 2.0 + 0.1j])

COMPLEX = {
    "arithmetic": lambda z, np=np: (1.0 - z) * z[::-1] / (2.0 + z) ** 3 - 1.0 / z + z.conj(),
    "exp": lambda z, np=np: np.exp(z),
    "log": lambda z, np=np: np.log(z),
    "sqrt": lambda z, np=np: np.sqrt(z),
    "sin": lambda z, np=np: np.sin(z) + np.cos(z),
    "angle": lambda z, np=np: np.angle(z),
    "abs": lambda z, np=np: np.abs(z),
    "a power": lambda z, np=np: z**1.5,
    "matrices": lambda z, np=np: np.outer(z, z) @ z + np.dot(z, z) + np.vdot(z, z),
    "kron": lambda z, np=np: np.kron(z, z),
    "tensordot": lambda z, np=np: np.tensordot(np.outer(z, z), np.outer(z, z), axes=([0], [1])) + np.inner(z, z),
    "matrix_power": lambda z, np=np: np.linalg.matrix_power(np.outer(z, z), 3),
    "solve": lambda z, np=np: np.linalg.solve(np.outer(z, z) + 3.0 * np.eye(5), z),
    "einsum": lambda z, np=np: np.einsum("i,j,k->ij", z, z, z),
    **{f"{f} {n}": lambda z, np=np, f=f, n=n: getattr(np.fft, f)(z, n) for f in ("fft", "ifft", "irfft") for n in (None, 4, 5, 7)},
    **{f"rfft {n}": lambda z, np=np, n=n: np.fft.rfft(z.real, n) for n in (None, 4, 7)},
    **{f"{f} of two axes": lambda z, np=np, f=f: getattr(np.fft, f)(np.outer(z, z)) for f in ("fft2", "ifft2", "irfft2")},
    "rfft2": lambda z, np=np: np.fft.rfft2(np.outer(z, z).real),
    "ortho": lambda z, np=np: np.fft.fft(z, norm="ortho") + np.fft.ifft(z, norm="ortho"),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_pairs_are_complex_numbers(name):
    """Their values are NumPy's; what is exact in both parts has exact steps, since only ordinary arithmetic was done to them."""
    f, analytic = COMPLEX[name], complex_step.imported("numpy")
    y, expected = f(Pair(Z.real.astype(complex), Z.imag.astype(complex)), analytic), f(Z)
    found = y.re.real + 1j * y.im.real if isinstance(y, Pair) else y.real
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


def test_a_source_is_run_again(tmp_path):
    path = tmp_path / "some_program.py"
    path.write_text(
        "import numpy as np\nimport math\n\n"
        "def program(p, x):\n"
        "    z = np.zeros(3)\n"
        "    z[1:] = float(x[0]) * abs(x) + 7.5 % p['a']\n"
        "    wave = np.exp(2j * z)\n"
        "    if z[1] > 0 and isinstance(z[1], float):\n"
        "        z[int(z[2] * 0.0)] = math.atan2(p['a'], x[1]) + z.std()\n"
        "    return np.sum(z) + (wave * wave.conj()).real[1] + wave[2].imag\n\n"
        "arguments = ({'a': 2.0, 'n': 3}, np.array([0.7, -0.4]))\n"
    )
    names = {}
    exec(path.read_text(), names)

    def along(h):
        return names["program"]({"a": 2.0 + 0.3 * h, "n": 3}, np.array([0.7 + h, -0.4 - 2 * h]))

    h = 1e-3
    truth = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h)
    assert Replay(path).slope([0.3, None, np.array([1.0, -2.0])]) == pytest.approx(truth, rel=1e-9)


def test_infinities_stay_large_numbers():
    analytic = complex_step.imported("numpy")
    low = analytic.full(3, -analytic.inf)
    low[1] = 0.5 + 1j * STEP
    assert analytic.logaddexp.reduce(low / 0.3).imag / STEP == pytest.approx(1 / 0.3)
    assert list(analytic.isinf(low)) == [True, False, True] and complex_numpy.Float("-inf") == -analytic.inf


def test_percentiles_go_by_the_real_part():
    x = np.array([0.7, -0.2, 1.5, 0.4])
    moved = x + 1j * STEP * np.array([1.0, 2.0, 3.0, 4.0])
    y = complex_numpy.percentile(moved, [10, 55, 100])
    np.testing.assert_allclose(y.real, np.percentile(x, [10, 55, 100]), rtol=1e-14)
    np.testing.assert_allclose(y.imag / STEP, [0.7 * 2 + 0.3 * 4, 0.35 * 4 + 0.65 * 1, 3.0], rtol=1e-12)


def test_objects_of_the_program_keep_their_own_names(tmp_path):
    path = tmp_path / "objects.py"
    path.write_text(
        "class Split:\n"
        "    def __init__(self, a, b):\n        self.a, self.real = a, b\n"
        "    def conjugate(self):\n        return Split(self.a, -self.real)\n"
        "    def __abs__(self):\n        return self.a * self.a - self.real\n\n"
        "program = lambda x: abs(Split(x, 3.0 * x).conjugate()) + Split(x, x).conjugate().real\n"
        "arguments = (2.0,)\n"
    )
    assert Replay(path).slope([1.0]) == 2 * 2.0 + 3.0 - 1.0


def test_every_paired_function_is_callable():
    assert all(map(callable, complex_pairs.PAIRED.values()))
