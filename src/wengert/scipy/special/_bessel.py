"""Derivatives of Bessel functions, spherical Bessel functions, and other functions of one line."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special
from scipy.special import _ufuncs as ufuncs

import wengert as wg
from wengert.extend import elementwise, twin
from wengert.scipy.special._arguments import Array, constant, dtype_of, floating, whole

__all__ = [
    "assoc_laguerre",
    "diric",
    "h1vp",
    "h2vp",
    "ivp",
    "jvp",
    "kvp",
    "lambertw",
    "spherical_in",
    "spherical_jn",
    "spherical_kn",
    "spherical_yn",
    "yvp",
]

# --- n-th derivatives (DLMF 10.6.7, 10.29.5) ------------------------------------------------------------------------------


def nth(name: str, f: Callable[..., Any], v: Any, z: Any, n: Any, phase: float) -> Any:
    """sum of phase**k binom(n, k) f(v - n + 2k, z) over k, over 2**n."""
    order, n = constant(name, "v", v), operator.index(n)
    if n < 0:
        raise ValueError(f"n must be a non-negative integer, received: {n}.")
    if n == 0:
        return f(v, z)
    return sum(phase**k * math.comb(n, k) * f(order - n + 2 * k, z) for k in range(n + 1)) / 2.0**n


@twin(scipy.special.jvp)
def jvp(v: Any, z: Any, n: int = 1) -> Any:
    """The n-th derivative of jv."""
    return nth("jvp", ufuncs.jv, v, z, n, -1.0)


@twin(scipy.special.yvp)
def yvp(v: Any, z: Any, n: int = 1) -> Any:
    """The n-th derivative of yv."""
    return nth("yvp", ufuncs.yv, v, z, n, -1.0)


@twin(scipy.special.ivp)
def ivp(v: Any, z: Any, n: int = 1) -> Any:
    """The n-th derivative of iv."""
    return nth("ivp", ufuncs.iv, v, z, n, 1.0)


@twin(scipy.special.kvp)
def kvp(v: Any, z: Any, n: int = 1) -> Any:
    """The n-th derivative of kv."""
    return (-1.0) ** n * nth("kvp", ufuncs.kv, v, z, n, 1.0)


@twin(scipy.special.h1vp)
def h1vp(v: Any, z: Any, n: int = 1) -> Any:
    """The n-th derivative of hankel1."""
    return nth("h1vp", ufuncs.hankel1, v, z, n, -1.0)


@twin(scipy.special.h2vp)
def h2vp(v: Any, z: Any, n: int = 1) -> Any:
    """The n-th derivative of hankel2."""
    return nth("h2vp", ufuncs.hankel2, v, z, n, -1.0)


# --- spherical Bessel functions (10.47) -----------------------------------------------------------------------------------


def reflected(f: Callable[..., Any], n: Array, z: Any, sign: float) -> Any:
    """f(n, z), for real z < 0 by f(n, -z) (10.47.14): sign for even n, and -sign for odd n."""
    if z.dtype.kind == "c":
        return f(n, z)
    left = z < 0
    turn = np.where(n % 2 == 0, sign, -sign)
    return f(n, z * np.where(left, -1.0, 1.0).astype(z.dtype)) * np.where(left, turn, 1.0)


def spherical(of: Callable[..., Any], plain: Any, slope: Any, sign: float, n: Any, z: Any, derivative: bool) -> Any:
    """The function or its derivative, whose sign at -z is the other one."""
    n, z = whole(of.__name__, "n", n), floating(z)
    y = reflected(slope, n, z, -sign) if derivative else reflected(plain, n, z, sign)
    return y.astype(dtype_of(of, n, z))


@twin(scipy.special.spherical_jn)
def spherical_jn(n: Any, z: Any, derivative: bool = False) -> Any:
    """The spherical Bessel function of the first kind, or its derivative."""
    return spherical(scipy.special.spherical_jn, ufuncs._spherical_jn, ufuncs._spherical_jn_d, 1.0, n, z, derivative)


@twin(scipy.special.spherical_yn)
def spherical_yn(n: Any, z: Any, derivative: bool = False) -> Any:
    """The spherical Bessel function of the second kind, or its derivative."""
    return spherical(scipy.special.spherical_yn, ufuncs._spherical_yn, ufuncs._spherical_yn_d, -1.0, n, z, derivative)


@twin(scipy.special.spherical_in)
def spherical_in(n: Any, z: Any, derivative: bool = False) -> Any:
    """The modified spherical Bessel function of the first kind, or its derivative."""
    return spherical(scipy.special.spherical_in, ufuncs._spherical_in, ufuncs._spherical_in_d, 1.0, n, z, derivative)


@twin(scipy.special.spherical_kn)
def spherical_kn(n: Any, z: Any, derivative: bool = False) -> Any:
    """The modified spherical Bessel function of the second kind, or its derivative; for z < 0 by the complex function."""
    n, z = whole("spherical_kn", "n", n), floating(z)
    f = ufuncs._spherical_kn_d if derivative else ufuncs._spherical_kn
    if z.dtype.kind == "c":
        return f(n, z)
    left = z < 0
    y = np.where(left, np.real(f(n, np.where(left, z, -1.0) + 0j)), f(n, np.where(left, 1.0, z)))
    return y.astype(dtype_of(scipy.special.spherical_kn, n, z))[()]


# --- functions of one line ------------------------------------------------------------------------------------------------


@twin(scipy.special.lambertw)
def lambertw(z: Any, k: Any = 0, tol: float = 1e-8) -> Any:
    """The k-th branch of Lambert's W, the inverse of w exp(w)."""
    return ufuncs._lambertw(z, whole("lambertw", "k", k), tol)


@twin(scipy.special.assoc_laguerre)
def assoc_laguerre(x: Any, n: Any, k: Any = 0.0) -> Any:
    """The generalized Laguerre polynomial of degree n."""
    return ufuncs.eval_genlaguerre(n, k, x)


@twin(scipy.special.diric)
def diric(x: Any, n: Any) -> Any:
    """sin(n x / 2) / (n sin(x / 2)), a periodic sinc."""
    return dirichlet(floating(x), constant("diric", "n", n))


@wg.primitive
def dirichlet(x: Any, n: Any) -> Any:
    """SciPy's own, as one call."""
    return scipy.special.diric(x, n)


def dirichlet_slope(y: Any, x: Any, n: Any) -> Any:
    """Of U(n-1)(cos(x / 2)) / n (DLMF 18.5.2), -sin(x / 2) C(n-2, 2)(cos(x / 2)) / n: no singularities to go round."""
    c = np.cos(0.5 * x)
    c = c.astype(float) if c.dtype.itemsize > 8 else c
    return -np.sin(0.5 * x) * ufuncs.eval_gegenbauer(n.astype(np.long) - 2, 2.0, c) / n


elementwise(dirichlet, dirichlet_slope, None)


if hasattr(scipy.special, "softplus"):  # SciPy 1.17
    __all__ += ["softplus"]

    @twin(scipy.special.softplus)
    def softplus(x: Any, **kwargs: Any) -> Any:
        """log(1 + exp(x))."""
        return np.logaddexp(0, x, **kwargs)
