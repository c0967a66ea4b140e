"""Arithmetic, powers, signs, extrema and complex parts.

At kinks, abs, sign and copysign have slope 0 at 0, ties of maximum and its kin are shared, clip has slope 1 at its bounds, 0**0 has
slope 0, and sqrt has slope inf at 0. Partials are evaluated for Python floats by the million, so they are written with operators;
where Python raises (1.0 / 0.0), the row asks again with NumPy's floats.
"""

import math
import operator

import numpy as np

from wengert.errors import MissingRuleError, user_line
from wengert.rules.declare import composite, constant, declare, elementwise, linear, pair, spelled
from wengert.rules.row import zeros
from wengert.rules.verbs import Constant
from wengert.rules.vocabulary import as_array, as_python, as_scalar, over, share, word

NUMBERS = frozenset((float, int, np.float64))
POSITIVE, NEGATIVE, NONZERO = (0.2, 3.0), (-3.0, -0.2), (0.5, 3.0)


def is_complex(x):
    """Whether x is a complex number or array."""
    return isinstance(x, complex) or (hasattr(x, "dtype") and x.dtype.kind == "c")


# fmt: off
elementwise(np.add,        1, 1)
elementwise(np.subtract,   1, -1)
elementwise(np.multiply,   lambda z, x, y: y,                       lambda z, x, y: x)
elementwise(np.divide,     lambda z, x, y: 1.0 / y,                 lambda z, x, y: -z / y, domain=((-3, 3), NONZERO))   # y*y may overflow
elementwise(over,          lambda z, x, y: np.where((x == 0) & (y == 0), 0.0, 1.0 / y),
                           lambda z, x, y: -over(z, y),             domain=((-3, 3), NONZERO))
elementwise(np.negative,   -1)
elementwise(np.positive,   1)
elementwise(np.reciprocal, lambda y, x: -y * y,                     domain=NEGATIVE)
elementwise(np.mod,        1,                                       lambda z, x, y: -np.floor_divide(x, y),    domain=((2.7, 3.4), (1.2, 1.3)))
elementwise(np.fmod,       1,                                       lambda z, x, y: np.rint((z - x) / y),      domain=((-3.4, -2.7), (1.2, 1.3)))
elementwise(np.square,     lambda y, x: 2.0 * x)
elementwise(np.sqrt,       lambda y, x: 0.5 / y,                    domain=POSITIVE)                            # inf at 0
elementwise(np.cbrt,       lambda y, x: (1 / 3) / y / y,            domain=NEGATIVE)                            # inf at 0
elementwise(np.absolute,   lambda y, x: over(np.conj(x), y) if is_complex(x) else np.sign(x),                   domain=NEGATIVE)   # 0 at 0
elementwise(np.fabs,       lambda y, x: np.sign(x),                 domain=NEGATIVE)                            # 0 at 0
elementwise(np.copysign,   lambda z, x, y: np.sign(x) * np.sign(z), 0,   domain=(POSITIVE, NEGATIVE))           # 0 at x = 0, as abs
elementwise(np.nextafter,  1, 0)                                                                                  # x to the last bit
elementwise(np.heaviside,  0,                                       lambda z, x, y: x == 0,  domain=NEGATIVE,   live="selects")
elementwise(np.ldexp,      lambda z, x, n: np.ldexp(np.ones((), np.result_type(z)), n), None)                         # n: integers

elementwise(np.maximum,    lambda z, x, y: share(x, y, z),          lambda z, x, y: share(y, x, z),             live="selects")
elementwise(np.minimum,    lambda z, x, y: share(x, y, z),          lambda z, x, y: share(y, x, z),             live="selects")
elementwise(np.fmax,       lambda z, x, y: share_known(x, y, z),    lambda z, x, y: share_known(y, x, z),       live="selects")
elementwise(np.fmin,       lambda z, x, y: share_known(x, y, z),    lambda z, x, y: share_known(y, x, z),       live="selects")

linear(np.conjugate,       lambda g, x: np.conjugate(g),            live="moves", batch="broadcast")
elementwise(np.real,       1)                                       # cotangents pair as Re(g t): see declare
elementwise(as_python,     1)
linear(as_array,           lambda g, x: as_scalar(g),               live="moves", batch="broadcast")
elementwise(np.imag,       lambda y, x: -1j if is_complex(x) else 0.0)
elementwise(np.angle,      lambda y, x, deg=False: angle_slope(x, np.abs(x)) * (180 / math.pi if deg else 1.0),  domain=POSITIVE)
# fmt: on


def share_known(x, y, z):
    """As `share`, for fmax and fmin, which prefer a number to NaN."""
    return np.where(np.isnan(y) & ~np.isnan(x), 1.0, np.where(np.isnan(x) & ~np.isnan(y), 0.0, share(x, y, z)))


def angle_slope(x, size):
    """arctan2(b, a) of x = a + ib: d/da - i d/db = -i conj(x) / |x|^2, 0 at the origin."""
    return -1j * over(over(np.conj(x), size), size) if is_complex(x) else 0.0


# --- powers -----------------------------------------------------------------------------------------------------------


def power_base(z, x, y):
    """y x**(y-1), and 0 where y is 0 (0**0 and inf**0 are 1 whatever the base)."""
    if type(y) in NUMBERS:
        if y == 2:
            return 2.0 * x
        if type(x) is float and x < 0 and not is_complex(z):
            x = np.float64(x)  # Python's (-8.0) ** 0.5 is complex
        return y * x ** (y - 1) if y else 0.0
    never = y == 0
    if np.any(never):  # elsewhere x**-1 is finite, and y x**(y-1) moves with y
        never = never & ~np.isfinite(np.divide(1.0, x))
    return np.where(never, 0.0, y * np.power(x, np.where(never, 1.0, y) - 1.0))


def power_exponent(z, x, y):
    """x**y log(x), and 0 at x = 0 unless y < 0: x**y log(x) tends to 0 there for y > 0, and 0**0 is our choice."""
    if type(x) in NUMBERS and x > 0:
        return z * math.log(x)
    never = (x == 0) & (np.real(y) >= 0)
    base = np.where(never, 1.0, x)
    return np.where(never, 0.0, z * np.log(base + 0j if is_complex(z) else base))


def wide(x):
    """x in float64 or wider, as np.float_power computes."""
    return x * np.float64(1.0)


elementwise(np.power, power_base, power_exponent, domain=(POSITIVE, (-3, 3)))
elementwise(np.float_power, lambda z, x, y: power_base(z, wide(x), wide(y)), lambda z, x, y: power_exponent(z, wide(x), wide(y)),
            domain=(POSITIVE, (-3, 3)))


# --- clip -------------------------------------------------------------------------------------------------------------


def clip_spelled(*args, **bounds):
    """np.clip with its bounds in their places, however they were spelled."""
    return NotImplemented if len(args) == 3 and not bounds else np.clip(*in_places(*args, **bounds))


def in_places(x, a_min=np._NoValue, a_max=np._NoValue, *, min=np._NoValue, max=np._NoValue, **options):
    if options:
        raise MissingRuleError(f"numpy.clip with {next(iter(options))}= has no derivative rule. Write it without." + user_line())
    if a_min is a_max is np._NoValue:
        return x, *(None if bound is np._NoValue else bound for bound in (min, max))
    if a_min is np._NoValue or a_max is np._NoValue:
        raise TypeError(f"clip() missing 1 required positional argument: {'a_min' if a_min is np._NoValue else 'a_max'!r}")
    if min is not np._NoValue or max is not np._NoValue:
        raise ValueError("Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.")
    return x, a_min, a_max


def is_above(x, low, high):
    """Where clip gives the upper bound: it is applied last, so also where low > high."""
    return False if high is None else (x > high) | (False if low is None else low > high)


def is_below(x, low, high):
    return False if low is None else (x < low) & (True if high is None else low <= high)


elementwise(
    np.clip,
    lambda y, x, low, high: np.logical_not(is_above(x, low, high) | is_below(x, low, high)),  # 1 inside and at the bounds
    lambda y, x, low, high: is_below(x, low, high),
    lambda y, x, low, high: is_above(x, low, high),
    live="selects",
    domain=((-0.9, 0.9), (-1.2, -1.0), (1.0, 1.2)),
    definition=clip_spelled,
)


# --- signs, and numbers in parts --------------------------------------------------------------------------------------


turning = word(np.sign)  # of complex numbers: x / |x|, which is not piecewise constant


def turning_jvp(y, x, t):
    """dy = i y Im(conj(y) t) / |x|: what of t turns x."""
    return 1j * y * over(np.imag(np.conj(y) * t), np.abs(x))


def turning_vjp(g, y, x):
    """Re(g i y Im(conj(y) t)) / |x| = Im(g y) Im(-conj(y) t) / |x|."""
    return 1j * np.conj(y) * over(np.imag(g * y), np.abs(x))


def modf_jvp(y, x, t):
    """The fractional part moves with x, the whole part does not."""
    return t, zeros(y[1])


def modf_vjp(g, y, x):
    return g[0]


def frexp_jvp(y, x, t):
    """x = mantissa 2**n."""
    return np.ldexp(t, -y[1]), zeros(y[1])


def frexp_vjp(g, y, x):
    return np.ldexp(g[0], -y[1])


constant(np.floor, np.ceil, np.trunc, np.rint, np.round, np.around, np.fix, np.floor_divide, np.signbit, np.spacing)
declare(Constant(np.sign, definition=lambda x: turning(x) if is_complex(x) else NotImplemented, where=__name__))
pair(turning, jvp=turning_jvp, vjp=turning_vjp, batch="broadcast")
composite(np.divmod, lambda x, y: (np.floor_divide(x, y), np.mod(x, y)))
composite(divmod, lambda x, y: (x // y, x % y))  # of Python's floats, Python's
pair(np.modf, jvp=modf_jvp, vjp=modf_vjp, batch="broadcast")
pair(np.frexp, jvp=frexp_jvp, vjp=frexp_vjp, batch="broadcast")

spelled(np.add, operator.add)
spelled(np.subtract, operator.sub)
spelled(np.multiply, operator.mul)
spelled(np.divide, operator.truediv)
spelled(np.floor_divide, operator.floordiv)
spelled(np.mod, operator.mod)
spelled(np.power, operator.pow)
spelled(np.negative, operator.neg)
spelled(np.positive, operator.pos)
spelled(np.absolute, operator.abs)
