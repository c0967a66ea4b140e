"""Legendre functions and spherical harmonics (DLMF 14, 18.11), by Gegenbauer's polynomials, which have a row.

    P(n, m, z) = (-1)**m (2m - 1)!! (1 - z**2)**(m/2) C(n - m, m + 1/2)(z)

so that they are smooth up to the poles. Derivatives that SciPy gives along (`diff_n=`) are taken with wg.jvp instead.
"""

import math
from typing import Any

import numpy as np
import scipy.special
from scipy.special import _ufuncs as ufuncs

from wengert.extend import twin
from wengert.scipy.special._arguments import Array, dtype_of, floating, refuse, whole

__all__ = []


def gegenbauer(n: Array, k: Array, z: Array) -> Array:
    """C(n - k, k + 1/2)(z), 0 for n < k."""
    return np.where(k > n, 0.0, ufuncs.eval_gegenbauer(np.maximum(n - k, 0), k + 0.5, z))


def double_factorial(k: Array) -> Array:
    """log((2k - 1)!!)."""
    return ufuncs.gammaln(2.0 * k + 1.0) - k * math.log(2) - ufuncs.gammaln(k + 1.0)


def quotient(n: Array, k: Array) -> Array:
    """log((n - k)! / (n + k)!)."""
    k = np.minimum(k, n)
    return ufuncs.gammaln(n - k + 1.0) - ufuncs.gammaln(n + k + 1.0)


def odd_sign(m: Array) -> Array:
    """(-1)**m for m > 0; for m < 0 another (-1)**m undoes it (14.9.3)."""
    return np.where((m > 0) & (m % 2 == 1), -1.0, 1.0)


def undifferentiated(name: str, diff_n: int) -> None:
    if diff_n:
        refuse(f"{name}(diff_n={diff_n})", f"Differentiate {name} itself instead: wg.jvp(...).")


if hasattr(scipy.special, "legendre_p"):  # SciPy 1.15
    __all__ += ["assoc_legendre_p", "legendre_p", "sph_harm_y", "sph_legendre_p"]

    @twin(scipy.special.legendre_p)
    def legendre_p(n: Any, z: Any, *, diff_n: int = 0) -> Any:
        """Legendre's polynomial of degree n, as the one row of an array."""
        undifferentiated("legendre_p", diff_n)
        n, z = whole("legendre_p", "n", n), floating(z)
        z = z.astype(dtype_of(scipy.special.legendre_p, n, z))
        return ufuncs.eval_legendre(n, z).astype(z.dtype)[None]

    @twin(scipy.special.assoc_legendre_p)
    def assoc_legendre_p(n: Any, m: Any, z: Any, *, branch_cut: Any = 2, norm: bool = False, diff_n: int = 0) -> Any:
        """The associated Legendre function of degree n and order m, real and cut on the outside, as the one row of an array."""
        undifferentiated("assoc_legendre_p", diff_n)
        n, m, z = whole("assoc_legendre_p", "n", n), whole("assoc_legendre_p", "m", m), floating(z)
        if z.dtype.kind == "c" or np.any(branch_cut != 2):
            refuse("assoc_legendre_p", "It has one for real z and branch_cut=2.")
        z, k = z.astype(dtype_of(scipy.special.assoc_legendre_p, n, m, z)), np.abs(m)
        log = double_factorial(k) + (0.5 * quotient(n, k) if norm else np.where(m < 0, quotient(n, k), 0.0))
        factor = odd_sign(m) * np.exp(log) * (np.sqrt(n + 0.5) if norm else 1.0)
        s = (1.0 - z) * (1.0 + z)
        power = np.power(np.where(s < 0, np.where(k == 0, 1.0, np.nan), s), 0.5 * k)
        return np.where(k > n, 0.0, factor * power * gegenbauer(n, k, z)).astype(z.dtype)[None]

    @twin(scipy.special.sph_legendre_p)
    def sph_legendre_p(n: Any, m: Any, theta: Any, *, diff_n: int = 0) -> Any:
        """The spherical harmonic at longitude 0, as the one row of an array."""
        undifferentiated("sph_legendre_p", diff_n)
        n, m, theta = whole("sph_legendre_p", "n", n), whole("sph_legendre_p", "m", m), floating(theta)
        dtype = dtype_of(scipy.special.sph_legendre_p, n, m, theta)
        return meridian(n, m, theta.astype(dtype)).astype(dtype)[None]

    @twin(scipy.special.sph_harm_y)
    def sph_harm_y(n: Any, m: Any, theta: Any, phi: Any, *, diff_n: int = 0) -> Any:
        """The spherical harmonic of degree n and order m, at colatitude theta and longitude phi."""
        undifferentiated("sph_harm_y", diff_n)
        n, m, theta, phi = whole("sph_harm_y", "n", n), whole("sph_harm_y", "m", m), floating(theta), floating(phi)
        dtype = dtype_of(scipy.special.sph_harm_y, n, m, theta, phi)
        theta, phi = (x.astype(np.finfo(dtype).dtype) for x in (theta, phi))
        return (meridian(n, m, theta) * np.exp(1j * (m * phi))).astype(dtype)[()]


def meridian(n: Array, m: Array, theta: Array) -> Array:
    """sqrt((2n + 1)/(4 pi) (n - m)!/(n + m)!) P(n, m, cos(theta)); beyond the poles with abs(sin(theta)), as SciPy's."""
    k = np.abs(m)
    factor = odd_sign(m) * np.exp(double_factorial(k) + 0.5 * quotient(n, k)) * np.sqrt((n + 0.5) / (2 * math.pi))
    sine = np.sin(theta)
    return factor * (sine * np.where(sine < 0, -1.0, 1.0)) ** k * gegenbauer(n, k, np.cos(theta))
