"""What to write instead, where an operation made NaN or infinity: one table, by function and situation.

    advice(origin)      "log(1 + exp(u)) is np.logaddexp(0.0, u), which does not overflow."

Of each row, tests/watch/test_advice.py has a program that meets it, and the same program as the advice would have it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wengert.watch.origins import Origin, Sketch

When = Callable[[Origin, Origin], bool]
"""Whether it is this situation: of the call that is to blame, and the one that made of it what arrived (often the same)."""


@dataclass(frozen=True)
class Remedy:
    """What to write instead of some functions, in one situation."""

    functions: tuple[str, ...]  # (): any
    situation: str
    when: When
    text: str


def advice(origin: Origin) -> str:
    """What to write instead; '' where nothing is known."""
    found = remedy(origin)
    return "" if found is None else found.text


def remedy(origin: Origin) -> Remedy | None:
    blamed = origin.root if origin.root.how == "made" else origin
    if blamed.how != "made":
        return None
    rows = (row for row in REMEDIES if not row.functions or blamed.function in row.functions)
    return next((row for row in rows if row.when(blamed, origin)), None)


# --- what situations are made of ----------------------------------------------------------------------------------------


def forward(o: Origin) -> bool:
    return o.sweep == "forward evaluation"


def value(o: Origin, i: int = 0) -> Any:
    """The i-th operand at the element; NaN where it is not known."""
    v = o.values[i] if i < len(o.values) else None
    return math.nan if v is None else v


def is_nan(o: Origin) -> bool:
    return o.what == "nan"


def slope(o: Origin) -> bool:
    return not forward(o)


def overflow(o: Origin) -> bool:
    return forward(o) and not is_nan(o)


def computed(o: Origin, *chain: str) -> bool:
    """Whether an operand was computed by such functions: computed(o, "divide", "exp") of exp within divide."""
    return any(within(s, chain) for s in o.sketches)


def within(sketch: Sketch, chain: tuple[str, ...]) -> bool:
    if not chain:
        return True
    if not sketch:
        return False
    rest = chain[1:] if sketch[0] == chain[0] else chain
    return not rest or any(within(s, rest) for s in sketch[1])


def made_by(o: Origin, *names: str) -> bool:
    """Whether an operand is the result of one of these functions itself."""
    return any(s and s[0] in names for s in o.sketches)


def divisor(o: Origin, *names: str) -> bool:
    """Whether what was divided by comes from one of these, as the whole or the last step but one."""
    return bool(o.sketches) and any(within(o.sketches[-1], (name,)) for name in names)


def led_to(o: Origin, last: Origin, *names: str) -> bool:
    """Whether what was broken went through one of these functions afterwards."""
    return any(name in o.through or name == last.function for name in names)


# --- the table ----------------------------------------------------------------------------------------------------------

LOGS = ("log", "log2", "log10")
EXPS = ("exp", "exp2", "expm1")
SQUARES = ("square", "multiply", "power")

REMEDIES: tuple[Remedy, ...] = (
    # logarithms
    Remedy(
        LOGS,
        "of a sigmoid",
        lambda o, last: forward(o) and (computed(o, "divide", "add", "exp") or made_by(o, "special.expit")),
        "The log of 1 / (1 + exp(-u)) is -np.logaddexp(0.0, -u), also where the quotient is rounded to 0.",
    ),
    Remedy(
        LOGS,
        "of a softmax",
        lambda o, last: forward(o) and (computed(o, "divide", "sum", "exp") or computed(o, "divide", "exp")),
        "The log of exp(u) / sum(exp(u)) is u - scipy.special.logsumexp(u), also where the quotient is rounded to 0.",
    ),
    Remedy(
        LOGS,
        "of a normal probability",
        lambda o, last: forward(o) and made_by(o, "special.ndtr"),
        "The log of ndtr(u) is scipy.special.log_ndtr(u), also where ndtr is rounded to 0.",
    ),
    Remedy(
        LOGS,
        "of 0, in a product",
        lambda o, last: forward(o) and value(o) == 0 and last.function == "multiply",
        "t log(p) with 0 log(0) = 0 is scipy.special.xlogy(t, p). (By p of x log(x) itself, the slope at 0 is -inf:"
        " xlogy(x, np.maximum(x, tiny)).)",
    ),
    Remedy(
        LOGS,
        "of 0",
        lambda o, last: forward(o) and value(o) == 0,
        "Keep the argument away from 0: np.log(np.maximum(x, tiny)), or np.where(x > 0, np.log(x), ...).",
    ),
    Remedy(
        LOGS,
        "of a negative number",
        lambda o, last: forward(o) and value(o) < 0,
        "The argument has left the domain of log: np.log(np.maximum(x, tiny)), or compute with u = log(x) throughout.",
    ),
    Remedy(
        ("log1p",),
        "of -1 or less",
        lambda o, last: forward(o) and value(o) <= -1,
        "Keep the argument above -1: np.log1p(np.maximum(x, -1.0 + tiny)).",
    ),
    # exponentials
    Remedy(
        EXPS,
        "overflow, under log(1 + .)",
        lambda o, last: overflow(o) and (led_to(o, last, "log1p") or (led_to(o, last, "add") and led_to(o, last, *LOGS))),
        "log(1 + exp(u)) is np.logaddexp(0.0, u), which does not overflow.",
    ),
    Remedy(
        EXPS,
        "overflow, under log(sum(.))",
        lambda o, last: overflow(o) and led_to(o, last, *LOGS),
        "log(sum(exp(u))) is scipy.special.logsumexp(u), or np.logaddexp.reduce(u), which do not overflow.",
    ),
    Remedy(
        EXPS,
        "overflow, in a quotient",
        lambda o, last: overflow(o) and led_to(o, last, "divide"),
        "Subtract the largest exponent first: e = np.exp(u - np.max(u)), e / np.sum(e); or scipy.special.softmax(u).",
    ),
    Remedy(
        EXPS,
        "overflow, and flat afterwards",
        lambda o, last: overflow(o) and last is not o and slope(last),
        "exp overflowed where the result is flat, 0 times inf. 1 / (1 + exp(-u)) is scipy.special.expit(u), or"
        " 0.5 + 0.5 * np.tanh(0.5 * u).",
    ),
    Remedy(
        EXPS,
        "overflow",
        lambda o, last: overflow(o),
        "Bring the exponent down before (exp(u + v) for exp(u) * exp(v)), or compute with the logarithm and take exp last, if at all.",
    ),
    Remedy(
        ("cosh", "sinh"),
        "overflow",
        lambda o, last: overflow(o),
        "log(cosh(u)) is np.logaddexp(u, -u) - np.log(2.0), which does not overflow.",
    ),
    # roots and powers
    Remedy(
        ("sqrt",),
        "slope at 0, of a sum of squares",
        lambda o, last: slope(o) and value(o) == 0 and any(computed(o, "sum", f) or computed(o, "add", f) for f in SQUARES),
        "sqrt has slope inf at 0. Where the root of a sum of squares is meant, np.linalg.norm(x) (or np.hypot) has slope 0 there;"
        " np.sqrt(np.sum(x * x) + eps) is smooth.",
    ),
    Remedy(
        ("sqrt", "cbrt"),
        "slope at 0",
        lambda o, last: slope(o) and value(o) == 0,
        "It has slope inf at 0: np.sqrt(x + eps); or np.where(x > 0, np.sqrt(x), 0.0), with slope 0 at 0.",
    ),
    Remedy(
        ("sqrt",),
        "of a variance",
        lambda o, last: forward(o) and is_nan(o) and computed(o, "subtract", "mean"),
        "mean(x**2) - mean(x)**2 cancels, and may come out negative: np.var(x), and np.std(x) for its root, do not.",
    ),
    Remedy(
        ("sqrt",),
        "of a negative number",
        lambda o, last: forward(o) and value(o) < 0,
        "The argument has left the domain of sqrt: np.sqrt(np.maximum(x, 0.0)), or x + 0j if a complex root is meant.",
    ),
    Remedy(
        ("power", "float_power"),
        "slope at 0",
        lambda o, last: slope(o) and value(o) == 0,
        "x**p with p < 1 has slope inf at 0: (x + eps)**p; or np.where(x > 0, x**p, 0.0), with slope 0 at 0.",
    ),
    Remedy(
        ("power", "float_power"),
        "of a negative number",
        lambda o, last: is_nan(o) and value(o) < 0,
        "A negative number has no real power that is no integer: np.sign(x) * np.abs(x)**p, np.cbrt(x), or np.maximum(x, 0.0)**p."
        " (By a traced exponent x**p has none either: make an integer exponent a plain integer.)",
    ),
    Remedy(
        SQUARES,
        "overflow, under a root",
        lambda o, last: overflow(o) and led_to(o, last, "sqrt"),
        "The root of x**2 + y**2 is np.hypot(x, y), which does not overflow; of more, scale first: m = np.max(np.abs(x)),"
        " m * np.linalg.norm(x / m).",
    ),
    # quotients
    Remedy(
        ("divide",),
        "by its own size",
        lambda o, last: is_nan(o) and divisor(o, "absolute", "linalg.norm"),
        "x / |x| has no value at 0: np.sign(x); or smooth, x / np.sqrt(np.sum(x * x) + eps).",
    ),
    Remedy(
        ("divide",),
        "sin(x) / x",
        lambda o, last: forward(o) and is_nan(o) and computed(o, "sin"),
        "sin(x) / x is np.sinc(x / np.pi), which is 1 at 0.",
    ),
    Remedy(
        ("divide",),
        "0 / 0",
        lambda o, last: forward(o) and value(o) == 0 and value(o, 1) == 0,
        "Put its series there, not its limit alone, which has another slope: np.where(x == 0, 0.5 * x, (1 - np.cos(x)) / x).",
    ),
    Remedy(
        ("divide", "reciprocal", "power", "float_power"),
        "by 0",
        lambda o, last: overflow(o) and 0 in (value(o), value(o, 1)),
        "Keep the divisor away from 0: x / np.maximum(y, eps); or select: np.where(y != 0, x / y, 0.0).",
    ),
    # inverse functions at the ends of their domains
    Remedy(
        ("arccos",),
        "of two vectors that are parallel",
        lambda o, last: computed(o, "sum") or computed(o, "matmul") or computed(o, "dot"),
        "The angle between a and b, near 0 too, is np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b); or clip:"
        " np.arccos(np.clip(c, -1 + eps, 1 - eps)).",
    ),
    Remedy(
        ("arccos", "arcsin"),
        "slope at 1 or -1",
        lambda o, last: slope(o) and abs(value(o)) == 1,
        "It has slope inf at -1 and 1: np.arccos(np.clip(x, -1.0 + eps, 1.0 - eps)), with slope 0 there.",
    ),
    Remedy(
        ("arccos", "arcsin"),
        "outside of -1 ... 1",
        lambda o, last: forward(o) and abs(value(o)) > 1,
        "Rounding has left its domain: np.arccos(np.clip(x, -1.0, 1.0)).",
    ),
    Remedy(
        ("arctanh",),
        "at 1 or -1 or beyond",
        lambda o, last: forward(o) and abs(value(o)) >= 1,
        "Keep the argument inside: np.arctanh(np.clip(x, -1.0 + eps, 1.0 - eps)).",
    ),
    Remedy(
        ("special.logit",),
        "at 0 or 1 or beyond",
        lambda o, last: forward(o) and not 0 < value(o) < 1,
        "Keep the argument inside: logit(np.clip(p, eps, 1.0 - eps)); the logit of expit(u) is u.",
    ),
    # infinities
    Remedy(
        ("multiply",),
        "0 * inf",
        lambda o, last: forward(o) and is_nan(o),
        "0 times infinity is NaN: select instead of multiplying by a mask, np.where(mask, x, 0.0).",
    ),
    Remedy(
        ("subtract", "add"),
        "inf - inf",
        lambda o, last: forward(o) and is_nan(o),
        "Infinity minus itself is NaN: mask with a large number (-1e9) instead of -inf, or with scipy.special.logsumexp and softmax"
        " where something is left in each row.",
    ),
    # larger things
    Remedy(
        ("prod",),
        "overflow",
        lambda o, last: overflow(o),
        "Add logarithms: np.sum(np.log(np.abs(x))).",
    ),
    Remedy(
        ("linalg.det",),
        "overflow",
        lambda o, last: overflow(o),
        "The logarithm of a determinant is np.linalg.slogdet(A)[1], which does not overflow.",
    ),
    Remedy(
        ("special.gamma", "special.factorial", "special.poch"),
        "overflow",
        lambda o, last: overflow(o),
        "The logarithm of gamma is scipy.special.gammaln(x), which does not overflow.",
    ),
    Remedy(
        ("linalg.eigh", "linalg.eig", "linalg.svd"),
        "equal eigenvalues",
        lambda o, last: slope(o),
        "The vectors of equal eigenvalues have no derivative. Write what is meant without them (eigvalsh, a function of the matrix),"
        " or break the tie: A + eps * np.diag(np.arange(n)). Of complex vectors it may be the phase, left to rounding, that has none:"
        " v / np.exp(1j * np.angle(np.sum(v, axis=0))) has a phase of its own.",
    ),
    Remedy(
        ("mean", "var", "std", "median", "average"),
        "of nothing",
        lambda o, last: forward(o) and is_nan(o),
        "The mean of no elements is 0 / 0: np.sum(x) / max(1, x.size).",
    ),
    Remedy(
        (),
        "overflow in single precision",
        lambda o, last: overflow(o) and any("float32" in a or "float16" in a for a in o.operands),
        "Numbers above 3.4e38 (float16: 65504) overflow in that precision: x.astype(np.float64), or scale before.",
    ),
    Remedy(
        (),
        "overflow",
        lambda o, last: overflow(o),
        "The result is too large for its dtype: scale before (x / np.max(np.abs(x))), or compute with logarithms.",
    ),
)
