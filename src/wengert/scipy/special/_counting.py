"""Polygamma and multivariate gamma functions, factorials, and what is counted with them."""

from typing import Any

import numpy as np
import scipy.special
from scipy.special import _ufuncs as ufuncs

import wengert as wg
from wengert.extend import twin
from wengert.scipy.special._arguments import constant, floating, refuse

__all__ = [
    "comb",
    "factorial",
    "factorial2",
    "factorialk",
    "multigammaln",
    "perm",
    "polygamma",
    "zeta",
]


@twin(scipy.special.multigammaln)
def multigammaln(a: Any, d: Any) -> Any:
    """The logarithm of the multivariate gamma function: gammaln at a, a - 1/2, ..., a - (d-1)/2."""
    a, d = floating(a), constant("multigammaln", "d", d)[()]
    if np.ndim(d) or np.floor(d) != d:
        raise ValueError("d should be a positive integer (dimension)")
    if np.any(a <= 0.5 * (d - 1)):
        raise ValueError(f"condition a ({wg.stop_gradient(a)}) > 0.5 * (d-1) ({0.5 * (d - 1)}) not met")
    terms = ufuncs.gammaln(np.copy(np.stack([a - (j - 1.0) / 2 for j in range(1, int(d) + 1)]), "C"))  # as SciPy lays them out
    return (d * (d - 1) * 0.25) * np.log(np.pi) + np.sum(terms, axis=0)


@twin(scipy.special.polygamma)
def polygamma(n: Any, x: Any) -> Any:
    """The n-th derivative of psi at x: (-1)**(n+1) n! zeta(n + 1, x)."""
    n, x = constant("polygamma", "n", n), floating(x)
    return np.where(n == 0, ufuncs.psi(x), (-1.0) ** (n + 1) * ufuncs.gamma(n + 1.0) * ufuncs._zeta(n + 1, x))


@twin(scipy.special.zeta)
def zeta(x: Any, q: Any = None, out: Any = None) -> Any:
    """Hurwitz's zeta function, in q; Riemann's has no derivative yet."""
    return ufuncs._riemann_zeta(x, out=out) if q is None else ufuncs._zeta(x, q, out=out)


@twin(scipy.special.comb)
def comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:
    """The number of ways to choose k of N things; 0 unless 0 <= k <= N."""
    approximate("comb", exact)
    N, k = floating(N), floating(k)
    if repetition:
        y = ufuncs.binom(N + k - 1.0, k)
        return np.where((k == 0) & (N >= 0) & np.isnan(y), 1.0, y)[()]
    return np.where((k <= N) & (N >= 0) & (k >= 0), ufuncs.binom(N, k), 0.0)[()]


@twin(scipy.special.perm)
def perm(N: Any, k: Any, exact: bool = False) -> Any:
    """The number of ways to arrange k of N things; 0 unless 0 <= k <= N."""
    approximate("perm", exact)
    N, k = floating(N), floating(k)
    return np.where((k <= N) & (N >= 0) & (k >= 0), ufuncs.poch(N - k + 1.0, k), 0.0)[()]


@twin(scipy.special.factorial)
def factorial(n: Any, exact: bool = False, extend: str = "zero") -> Any:
    """gamma(n + 1), and 0 for negative n unless extend="complex"."""
    approximate("factorial", exact)
    given, n = n, floating(n)
    if extend == "zero" and n.dtype.kind == "f":
        number = not isinstance(given, np.ndarray | list | tuple)
        y = np.where(n < 0, 0.0, ufuncs.gamma(n + 1.0)).astype(n.dtype if number else float)
        return y[()] if number else np.copy(y, "C")  # as SciPy lays it out
    plain = scipy.special.factorial(wg.stop_gradient(given), extend=extend)  # which refuses what SciPy refuses
    y = ufuncs.gamma(n + 1.0)
    return of_kind(np.where(n == -1, np.nan, y) if n.dtype.kind == "f" else y, plain)


@twin(scipy.special.factorial2)
def factorial2(n: Any, exact: bool = False, extend: str = "zero") -> Any:
    """2**(n/2) gamma(n/2 + 1) sqrt(2 / pi): the double factorial of odd n, between them too."""
    approximate("factorial2", exact)
    return of_kind(multifactorial(floating(n), 2), scipy.special.factorial2(wg.stop_gradient(n), extend=extend))


@twin(scipy.special.factorialk)
def factorialk(n: Any, k: Any, exact: bool = False, extend: str = "zero") -> Any:
    """The product of n, n - k, n - 2k, ..., between whole numbers too."""
    approximate("factorialk", exact)
    if k <= 0:
        refuse("factorialk(n, k <= 0)", "Write it in powers and gamma functions.")
    return of_kind(multifactorial(floating(n), k), scipy.special.factorialk(wg.stop_gradient(n), k, extend=extend))


def of_kind(y: Any, plain: Any) -> Any:
    """y as SciPy gives it: an array, of no dimension too, or a number, and as wide; its versions differ."""
    y = y.astype(np.result_type(plain))
    if not isinstance(plain, np.ndarray):
        return y[()]
    return y if isinstance(y, np.ndarray) else np.copy(y)


def multifactorial(n: Any, k: Any) -> Any:
    """k**((n-1)/k) gamma(n/k + 1) / gamma(1/k + 1)."""
    return np.power(k, n / k) * ufuncs.gamma(n / k + 1.0) * float(ufuncs.rgamma(1 / k + 1.0) / np.power(k, 1 / k))


def approximate(name: str, exact: bool) -> None:
    if exact:
        refuse(f"{name}(exact=True)", "It counts in whole numbers: leave exact= out, or give it wg.stop_gradient(x).")
