"""Random draws of traced parameters: NumPy's own numbers, and their derivatives by reparameterisation.

    rng.normal(mu, sigma, n)           what NumPy draws; as a function of mu and sigma, mu + sigma * rng.standard_normal(n)
    rng.shuffle(x), rng.choice(x, 5)   x at the places that NumPy draws
    rng.poisson(rate)                  refused: a number that jumps has no derivative that means anything

These are the ways of a `Drawing` (generators.py). NumPy draws first, with plain parameters, so that the numbers, the errors, and the
generator's state afterwards are its own. A twin of the generator as it was before draws the noise from the same stream. The two must
agree: should a version of NumPy draw in another way, there is an error. Where they differ by rounding (NumPy's vectorised exp and
power are not C's), the difference is added.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from wengert.errors import MissingRuleError, TraceError, user_line
from wengert.rules.vocabulary import Traced, as_array, as_scalar, astype
from wengert.trace.dispatch import highest, uncovered, write_out
from wengert.trace.operators import of_python
from wengert.trace.substitute.create import gathered, plain

# --- parameters -----------------------------------------------------------------------------------------------------------


def uniform(rng: Any, size: Any) -> Any:
    return rng.random(size)


def normal(rng: Any, size: Any) -> Any:
    return rng.standard_normal(size)


def exponential(rng: Any, size: Any) -> Any:
    return rng.standard_exponential(size)


def triangle(u: Any, left: Any, mode: Any, right: Any) -> Any:
    """The inverse of the distribution function, which has two branches."""
    below = u <= plain((mode - left) / (right - left))
    root = np.sqrt(np.where(below, u * (mode - left), (1 - u) * (right - mode)) * (right - left))
    return np.where(below, left + root, right - root)


Row = tuple[Callable[..., Any], Callable[..., Any]]

# name: (noise, formula). What the noise takes besides a size comes first among the parameters of the draw, and must be plain
FORMULAS: dict[str, Row] = {
    "uniform": (uniform, lambda u, low=0.0, high=1.0: low + (high - low) * u),
    "triangular": (uniform, triangle),
    "normal": (normal, lambda z, loc=0.0, scale=1.0: loc + scale * z),
    "lognormal": (normal, lambda z, mean=0.0, sigma=1.0: np.exp(mean + sigma * z)),
    "laplace": (lambda rng, size: rng.laplace(size=size), lambda z, loc=0.0, scale=1.0: loc + scale * z),
    "logistic": (lambda rng, size: rng.logistic(size=size), lambda z, loc=0.0, scale=1.0: loc + scale * z),
    "gumbel": (lambda rng, size: rng.gumbel(size=size), lambda z, loc=0.0, scale=1.0: loc + scale * z),
    "rayleigh": (lambda rng, size: rng.rayleigh(size=size), lambda z, scale=1.0: scale * z),
    "exponential": (exponential, lambda e, scale=1.0: scale * e),
    "weibull": (exponential, lambda e, a: e ** (1 / a)),
    "pareto": (exponential, lambda e, a: np.expm1(e / a)),
    "power": (exponential, lambda e, a: (-np.expm1(-e)) ** (1 / a)),
    "gamma": (lambda rng, size, shape: rng.standard_gamma(shape, size), lambda g, scale=1.0: scale * g),
}
LEGACY: dict[str, Row] = {  # RandomState, whose streams are frozen, rounds as it always did
    "pareto": (exponential, lambda e, a: np.exp(e / a) - 1),
    "power": (exponential, lambda e, a: (1 - np.exp(-e)) ** (1 / a)),
}


def reparameterised(rng: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """A draw that is a smooth function of its parameters and of noise that does not depend on them."""
    noise, formula = LEGACY[name] if name in LEGACY and type(rng.real) is np.random.RandomState else FORMULAS[name]
    fixed, moving = parameters(noise)[2:], parameters(formula)[1:]
    given = dict(zip((*fixed, *moving, "size"), args, strict=False)) | kwargs
    if highest([given.get(k) for k in fixed]) is not None:
        refuse(rng, name, *args, **kwargs)
    before = rng.twin()
    y = getattr(rng.real, name)(*map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
    z = noise(before, np.shape(y), **{k: plain(given[k]) for k in fixed})[()]
    return of_kind(y, settled(formula(z, **{k: double(given[k]) for k in moving if k in given}), y, rng, name))


def parameters(f: Any) -> tuple[str, ...]:
    return f.__code__.co_varnames[: f.__code__.co_argcount]


def double(parameter: Any) -> Any:
    """A parameter as NumPy reads it: of double precision."""
    if highest((parameter,)) is None:
        return np.asarray(plain(parameter), float)[()]
    parameter = gathered(parameter)[()] if isinstance(parameter, list | tuple) else parameter
    return parameter if parameter.dtype == np.float64 else astype(parameter, float)


def settled(y: Any, numbers: Any, rng: Any, name: str) -> Any:
    """The formula's result, to the last bit the numbers that NumPy drew."""
    near = np.asarray(plain(y))
    if (near == numbers).all():
        return y
    largest = np.max(np.abs(numbers), initial=0.0, where=np.isfinite(numbers))
    if not np.allclose(near, numbers, rtol=1e-6, atol=1e-15 + 1e-9 * largest, equal_nan=True):
        raise TraceError(
            f"{name_of(rng, name)} drew other numbers than its parameters and the stream of its generator explain (a version of NumPy"
            " that draws in another way, a generator shared with another thread, or a parameter at the edge of its range), so that"
            " their derivative is not known. Write the draw out: loc + scale * rng.standard_normal(n)." + user_line()
        )
    same = (near == numbers) | np.isnan(near)
    return y + np.where(same, 0.0, numbers - np.where(same, 0.0, near))[()]


def of_kind(numbers: Any, y: Any) -> Any:
    """The traced y as what NumPy drew: a Python float, a number of NumPy, or an array."""
    if np.shape(numbers):
        return y
    return as_array(y) if isinstance(numbers, np.ndarray) else of_python(as_scalar(y)) if type(numbers) is float else as_scalar(y)


def multivariate_normal(rng: Any, name: str, mean: Any, cov: Any, *args: Any, **kwargs: Any) -> Any:
    """mean + A z, where A A^T = cov: as `method` says."""
    before = rng.twin()
    numbers = getattr(rng.real, name)(plain(mean), plain(cov), *map(plain, args), **{k: plain(v) for k, v in kwargs.items()})
    cov = double(cov)
    A = factor(cov, kwargs.get("method", "svd"), rng)
    z = before.standard_normal(np.shape(numbers)).reshape(-1, np.shape(numbers)[-1])
    return settled(np.reshape(double(mean) + z @ A.T, np.shape(numbers)), numbers, rng, name)


def factor(cov: Any, method: str, rng: Any) -> Any:
    """The A of a draw, as NumPy chooses it."""
    if method == "cholesky":
        return np.linalg.cholesky(cov)
    if method == "eigh":
        s, u = np.linalg.eigh(cov)
    else:
        u, s, vh = np.linalg.svd(cov)
        u = vh.T if type(rng.real) is np.random.RandomState else u
    if highest((cov,)) is not None:
        check_apart(plain(s), rng)
    return u * np.sqrt(abs(s))


def check_apart(s: Any, rng: Any) -> None:
    """Vectors of a repeated eigenvalue are any basis of their space: which one LAPACK gives jumps."""
    gaps = np.diff(np.sort(np.abs(s)))
    if s.size and np.min(gaps, initial=np.inf) <= 1e-12 * np.max(np.abs(s)):
        instead = "method='cholesky'" if type(rng.real) is np.random.Generator else "mean + np.linalg.cholesky(cov) @ z"
        raise MissingRuleError(
            f"{name_of(rng, 'multivariate_normal')} was given a traced covariance with a repeated eigenvalue, and draws along its"
            f" eigenvectors, which have no derivative there. Write {instead}: the same distribution, drawn smoothly." + user_line()
        )


# --- places ---------------------------------------------------------------------------------------------------------------


def places(rng: Any, name: str, x: Any, *args: Any, **kwargs: Any) -> Any:
    """Where in x the elements come from: what NumPy makes of x depends on its shape alone."""
    if not np.shape(x):
        getattr(rng.real, name)(plain(x), *args, **kwargs)  # which NumPy refuses
    return getattr(rng.real, name)(counted(x), *args, **kwargs)


def counted(x: Any) -> np.ndarray:
    """The elements of x, numbered as they lie in x.reshape(-1)."""
    return np.arange(np.size(x)).reshape(np.shape(x))


def shuffle(rng: Any, name: str, x: Any, *args: Any, **kwargs: Any) -> None:
    if not isinstance(x, Traced) or np.shape(plain(x)) == ():  # a list, of which Python moves the items; or what NumPy refuses
        rng.real.shuffle(x if isinstance(x, list) else plain(x), *args, **kwargs)
        return
    indices = counted(x)
    rng.real.shuffle(indices, *args, **kwargs)
    x[...] = np.reshape(x, -1)[indices]  # type: ignore[index, call-overload]


def permutation(rng: Any, name: str, x: Any, *args: Any, **kwargs: Any) -> Any:
    x = gathered(x) if isinstance(x, list | tuple) else x
    where = places(rng, name, x, *args, **kwargs)
    return of_kind(where, np.reshape(x, -1)[where])


def permuted(rng: Any, name: str, x: Any, *, out: Any = None, **kwargs: Any) -> Any:
    return write_out(permutation(rng, name, x, **kwargs), out, rng.real.permuted)


def choice(rng: Any, name: str, a: Any, *args: Any, **kwargs: Any) -> Any:
    if highest((*args, *kwargs.values())) is not None:
        refuse(rng, name, a, *args, **kwargs)
    return permutation(rng, name, a, *map(uncovered, args), **{k: uncovered(v) for k, v in kwargs.items()})


def filled(rng: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """rng.random(out=x), with a traced x to write to."""
    x: Any = next(a for a in (*args, *kwargs.values()) if highest((a,)) is not None)
    buffer = np.empty(np.shape(x), x.dtype)
    args, kwargs = tuple(buffer if a is x else a for a in args), {k: buffer if a is x else a for k, a in kwargs.items()}
    x[...] = getattr(rng.real, name)(*args, **kwargs)
    return x


WAYS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(FORMULAS, reparameterised),
    **dict.fromkeys(("random", "standard_normal", "standard_exponential"), filled),
    "multivariate_normal": multivariate_normal,
    "shuffle": shuffle,
    "permutation": permutation,
    "permuted": permuted,
    "choice": choice,
}


# --- what has no derivative -----------------------------------------------------------------------------------------------

REASONS = {
    "its draws are whole numbers (or places), which do not move with a parameter, but jump": """
        binomial choice geometric hypergeometric integers logseries multinomial multivariate_hypergeometric negative_binomial poisson
        randint random_integers zipf""",
    "NumPy draws by accepting and rejecting, so that its numbers jump where a parameter moves": """
        beta chisquare dirichlet f gamma noncentral_chisquare noncentral_f standard_gamma standard_t vonmises wald""",
}
WHY = {name: why for why, names in REASONS.items() for name in names.split()}


def refuse(rng: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    why = WHY.get(name, "it takes plain values alone")
    raise MissingRuleError(
        f"{name_of(rng, name)} was given a traced parameter, in which it has no derivative: {why}. Draw with"
        " wg.stop_gradient(parameter); to follow an expectation, add wg.stop_gradient(loss) * log_probability(draw, parameter), the"
        f" score function.{' Its scale= may be traced.' if name == 'gamma' else ''}" + user_line()
    )


def name_of(rng: Any, name: str) -> str:
    return f"numpy.random.{type(rng.real).__name__}.{name}"
