"""Python's own numbers and builtins: `math`, `float`, `abs`, `sum`, `sorted`, and the standard library."""

import bisect
import cmath
import copy
import decimal
import fractions
import functools
import heapq
import itertools
import math
import operator
import random
import statistics
import struct
from array import array
from math import exp, pi

import numpy as np

X = np.array([0.3, 0.7, 1.1])


def math_functions(x=X):
    """`math.sin(x[0])`, `math.exp`, `math.hypot`, `math.atan2`"""
    return math.sin(x[0]) * math.exp(-x[1]) + math.hypot(x[0], x[2]) + math.atan2(x[1], x[2]) + math.log(x[2], 2) + pi


def math_imported_names(x=0.4):
    """`from math import exp, pi`"""
    return exp(-(x**2) / 2) / math.sqrt(2 * pi)


def math_of_iterables(x=X):
    """`math.fsum`, `math.prod`, `math.dist`"""
    return math.fsum(x**2) + math.prod(x) + math.dist(x[:2], (1.0, 2.0)) + math.fsum(t * t for t in x)


def math_gamma_and_erf(x=X):
    """`math.gamma`, `math.lgamma`, `math.erf`"""
    return math.gamma(x[2]) * math.lgamma(x[0]) + math.erf(x[1]) + math.erfc(x[0])


def math_of_whole_numbers(x=X):
    """`math.comb`, `math.factorial`, `math.gcd`: coefficients"""
    return sum(math.comb(2, k) * x[k] ** 2 / math.factorial(k) for k in range(3)) * math.gcd(4, 6)


def math_rounding(x=X):
    """`math.floor`, `math.ceil`, `math.fmod`, `math.modf`, `math.copysign`"""
    part, whole = math.modf(3.0 * x[1])
    return part * math.floor(x[2] * 2) + whole * x[0] + math.fmod(x[2], 0.4) + math.copysign(x[0], -1.0) ** 2 + math.ceil(x[0])


def cmath_functions(x=X):
    """`cmath.exp`, `cmath.polar`, `cmath.sqrt`"""
    z = cmath.exp(1j * x[0]) * cmath.sqrt(-x[1])
    r, phi = cmath.polar(z + x[2])
    return r * phi + abs(z) ** 2


def float_of_an_element(x=X):
    """`float(x[0])`"""
    a = float(x[0])
    b = float(np.sum(x))
    return a * b**2


def float_of_text(x=X):
    """`float("1.5")` beside `float(x[0])`"""
    return float("1.5") * float(x[0]) ** 2 + float(3)


def complex_of_two(x=X):
    """`complex(a, b)`, `z.real`, `z.imag`, `z.conjugate()`"""
    z = complex(x[0], x[1]) ** 2
    return (z * z.conjugate()).real + z.imag * x[2]


def item(x=X):
    """`x.item()`, `x.item(0)`, `x.tolist()`"""
    first, *rest = x.tolist()
    return first * x.item(1) + sum(rest) * x[:1].item()


def numpy_scalar_types(x=X):
    """`np.float64(x[0])`"""
    return np.float64(x[0]) * np.float64(2.0) * x[1]


def numpy_single(x=X.astype(np.float32)):  # noqa: B008
    """`np.float32(x[0])` of single precision"""
    return np.float32(x[0]) * x[1]


def builtin_abs_sum_max_min(x=X):
    """`abs`, `sum`, `max`, `min`, `pow`, `divmod`"""
    quotient, rest = divmod(x[2], 0.4)
    return abs(-x[0]) + sum(x) ** 2 + max(x) * min(x) + pow(x[1], 3) + quotient * x[0] + rest


def max_with_a_number(x=X):
    """`max(0.0, x[0] - 0.5)`, as a hinge"""
    return sum(max(0.0, t - 0.5) ** 2 for t in x)


def max_by_key(x=X):
    """`max(items, key=...)`, `min(..., default=...)`"""
    best = max([(t, t**2) for t in x], key=lambda pair: pair[1] - pair[0])
    return best[0] * best[1] + min([t for t in x if t > 5], default=x[0])


def sum_with_a_start(x=X):
    """`sum(arrays, start=np.zeros(3))`"""
    return np.sum(sum([x, x**2, x**3], start=np.zeros(3)) ** 2)


def sorted_and_reversed(x=X):
    """`sorted`, `reversed`, `zip`, `enumerate`"""
    y = sorted([math.sin(3 * t) for t in x], reverse=True)
    return sum((k + 1) * a * b for k, (a, b) in enumerate(zip(y, reversed(x), strict=True)))


def sorted_by_key(x=X):
    """`sorted(particles, key=lambda p: p["energy"])`"""
    particles = [{"energy": (t - 0.8) ** 2, "mass": t} for t in x]
    ordered = sorted(particles, key=lambda p: p["energy"])
    return ordered[0]["mass"] ** 2 + 3.0 * ordered[1]["energy"]


def list_sort(x=X):
    """`list.sort()`, `bisect.bisect`, `heapq.nsmallest`"""
    y = [math.sin(3 * t) for t in x]
    y.sort()
    place = bisect.bisect(y, 0.5)
    return y[place] ** 2 + sum(heapq.nsmallest(2, y))


def int_of_a_value(x=X):
    """`int(x[0] * 10)` as an index, `round(x[1])`"""
    table = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    return table[int(x[0] * 10 + 0.2)] * x[0] + x[1] * round(x[2] * 3.0)


def round_to_digits(x=X):
    """`round(x[0], 2)`: piecewise constant"""
    return x[1] * round(x[0] * 1.0123, 1) + np.sum(np.round(x * 1.0123, 1) * x)


def comparisons(x=X):
    """`0.2 < x[0] < 0.5`, `x[0] == 0.3`, `not`, `and`, `or`"""
    return (x[0] ** 2 if 0.2 < x[0] < 0.5 else 0.0) + (x[1] or 1.0) * (x[2] and x[0]) + (0.0 if x[1] == 5.0 else x[2])


def truth_of_an_array(x=X):
    """`if np.any(x > 1)`, `all(...)`, `any(...)`, `(x > 0).all()`"""
    y = x * 2.0 if np.any(x > 1) else x
    return np.sum(y**2) if all(x > 0) and (x < 5).all() and any(t > 0.5 for t in x) else 0.0


def isinstance_checks(x=X):
    """`isinstance(x, np.ndarray)`, `np.isscalar(x[0])`, `type(x[0]) is np.float64`"""
    y = x**2 if isinstance(x, np.ndarray) else 0.0
    z = x[0] if isinstance(x[0], float) and np.isscalar(x[0]) else 0.0
    return np.sum(y) * z * (2.0 if type(x[0]) in (float, np.float64) else 1.0)


def isfinite_checks(x=X):
    """`math.isnan(x[0])`, `np.isfinite(x).all()`, `np.allclose`, `math.isclose`"""
    if math.isnan(x[0]) or not np.isfinite(x).all() or np.allclose(x, 0.0) or math.isclose(x[0], x[1]):
        return 0.0
    return np.sum(np.nan_to_num(x) ** 2)


def operator_functions(x=X):
    """`operator.mul`, `operator.itemgetter`, `operator.attrgetter`"""
    pick = operator.itemgetter(0, 2)
    a, b = pick(x)
    return operator.mul(a, b) + operator.pow(a, 3.0) + np.sum(operator.attrgetter("T")(x) ** 2)


def reduce_and_accumulate(x=X):
    """`functools.reduce`, `itertools.accumulate`"""
    horner = functools.reduce(lambda total, c: total * 0.5 + c, x)
    return horner**2 + sum(itertools.accumulate(x, operator.mul))


def itertools_products(x=X):
    """`itertools.combinations`, `product`, `pairwise`, `chain`, `cycle`"""
    pairs = sum((a - b) ** 2 for a, b in itertools.combinations(x, 2))
    grid = sum(a * b for a, b in itertools.product(x, repeat=2))
    steps = sum(b * a**2 for a, b in itertools.pairwise(x))
    return pairs * grid + steps + sum(itertools.islice(itertools.cycle(itertools.chain(x, x)), 4))


def map_and_filter(x=X):
    """`map(f, x)`, `filter(condition, x)`"""
    return sum(map(math.sin, x)) * sum(filter(lambda t: t > 0.5, x))


def deepcopy(x=X):
    """`copy.copy`, `copy.deepcopy` of arrays and of containers of them"""
    state = {"u": x**2, "t": x[0]}
    later = copy.deepcopy(state)
    later["u"][0] = 0.0
    again = copy.copy(x)
    again *= 3.0
    return np.sum(state["u"]) * np.sum(later["u"]) + np.sum(again) * later["t"]


def statistics_mean(x=X):
    """`statistics.fmean(x)`, `statistics.stdev(x.tolist())`"""
    return statistics.fmean(x) * statistics.stdev(x.tolist())


def decimal_number(x=X):
    """`decimal.Decimal(x[0])`"""
    return float(decimal.Decimal(float(x[0])) * 2) + x[1]


def decimal_number_instead(x=X):
    """floats: `x[0] * 2`"""
    return x[0] * 2 + x[1]


def fraction(x=X):
    """`fractions.Fraction(x[0])`"""
    return float(fractions.Fraction(x[0]) / 3) + x[1]


def fraction_instead(x=X):
    """floats: `x[0] / 3`"""
    return x[0] / 3 + x[1]


def array_module(x=X):
    """`array.array("d", [x[0]])`"""
    stored = array("d", [x[0], x[1]])
    return stored[0] * stored[1]


def array_module_instead(x=X):
    """a list, or `np.array([x[0], x[1]])`"""
    stored = [x[0], x[1]]
    return stored[0] * stored[1]


def packed_bytes(x=X):
    """`struct.pack("d", x[0])`"""
    (back,) = struct.unpack("d", struct.pack("d", x[0]))
    return back**2


def packed_bytes_instead(x=X):
    """the number itself"""
    return x[0] ** 2


def bytes_of_an_array(x=X):
    """`np.frombuffer(x.tobytes())`"""
    return np.sum(np.frombuffer(x.tobytes()) ** 2)


def bytes_of_an_array_instead(x=X):
    """`x.copy()`"""
    return np.sum(x.copy() ** 2)


def number_as_text(x=X):
    """`float(str(x[0]))`: through text and back"""
    return float(str(x[0])) * x[1]


def number_as_text_instead(x=X):
    """the number itself"""
    return x[0] * x[1]


def number_formatted(x=X):
    """`float(f"{x[0]:.17g}")`"""
    return float(f"{x[0]:.17g}") * x[1]


def number_formatted_instead(x=X):
    """the number itself, or `np.round(x[0], 3)`, which is piecewise constant"""
    return x[0] * x[1]


def standard_random(x=X):
    """`random.gauss(mean, deviation)` of the standard library"""
    generator = random.Random(3)
    return sum(generator.gauss(t, 0.1) ** 2 for t in x)


def standard_random_uniform(x=X):
    """`random.uniform(a, b)` of the standard library"""
    generator = random.Random(3)
    return generator.uniform(x[0], x[1]) ** 2


def range_of_a_count(x=X):
    """`range(int(n))`, `range(len(x))`, `x.shape[0]`, `x.size`"""
    total = 0.0
    for i in range(int(3.0 * x[2])):
        total += x[i % len(x)] ** (i + 1) * x.shape[0]
    return total / x.size + x.ndim * x[0] + x.nbytes * x[1]


def counts_of_math(x=X):
    """`math.floor(x[2])`, `math.ceil` as counts and places"""
    return sum(x[i] for i in range(math.ceil(x[2]))) * len("abc"[: math.floor(x[2])]) * [x[0], x[1]][math.trunc(x[2])]


def bit_operations(x=X):
    """bit operations on masks: `(x > 0) & ~(x > 1)`, `|`, `^`"""
    mask = (x > 0) & ~(x > 1) | (x > 100) ^ (x > 200)
    return np.sum(x[mask] ** 2) + np.sum(x * mask)


def hash_as_a_key(x=X):
    """a traced number as a key: `cache[x[0]] = ...`"""
    cache = {}
    cache[x[0]] = x[1]
    return sum(cache.values()) ** 2


def hash_as_a_key_instead(x=X):
    """a key that is no traced number: its place, its name"""
    cache = {}
    cache[0] = x[1]
    return sum(cache.values()) ** 2


def set_of_values(x=X):
    """`set(x)`"""
    return sum(set(x)) ** 2


def set_of_values_instead(x=X):
    """`np.unique(x)`"""
    return np.sum(np.unique(x)) ** 2


def membership(x=X):
    """`7.0 in x`, `list.index`, `list.count`"""
    values = x.tolist()
    return x[1] * (2.0 if 7.0 in x or x[0] in values else 1.0) + values.index(x[2]) * x[0]


PROMISED = (
    math_functions,
    float_of_an_element,
    int_of_a_value,
    comparisons,
)
