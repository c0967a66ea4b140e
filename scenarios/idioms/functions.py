"""Functions of functions: closures, partials, decorators, callbacks, tables of functions."""

import functools
import math
import operator

import numpy as np

X = np.array([0.3, 0.7, 1.1])


def helper(t):
    z = np.zeros(2)
    z[0] = math.sin(t)
    z[1] = t**2
    return z


def calls_a_helper(x=X):
    """a helper of the same module"""
    return np.sum(helper(x[0]) * helper(x[1]))


def helper_as_argument(x=X):
    """a helper passed as an argument"""

    def integrate(f, a, b, n=8):
        h = (b - a) / n
        return h * (0.5 * f(a) + sum(f(a + k * h) for k in range(1, n)) + 0.5 * f(b))

    return integrate(lambda t: math.exp(-x[0] * t) * t, x[1], 2.0)


def closure_over_x(x=X):
    """a closure over what is differentiated by"""

    def residual(t):
        return x[0] * t**2 - x[1]

    return residual(1.5) * residual(x[2])


def function_factory(x=X):
    """a function that makes functions"""

    def power(n):
        def f(t):
            return math.pow(t, n)

        return f

    cube, root = power(3), power(0.5)
    return cube(x[0]) * root(x[1])


def late_binding(x=X):
    """lambdas made in a loop, with `k=k`"""
    functions = [lambda t, k=k: t ** (k + 1) for k in range(3)]
    return sum(f(t) for f, t in zip(functions, x, strict=True))


def partial(x=X):
    """`functools.partial(f, a=...)`"""

    def wave(t, amplitude=1.0, phase=0.0):
        return amplitude * math.sin(t + phase)

    tuned = functools.partial(wave, amplitude=x[0], phase=x[1])
    return tuned(x[2]) * tuned(0.5)


def partial_of_a_helper(x=X):
    """a partial of the module"""
    return TUNED(x[0]) * x[1]


def tuned_wave(t, frequency):
    return math.sin(frequency * t)


TUNED = functools.partial(tuned_wave, frequency=2.0)


def composed(x=X):
    """functions composed by `functools.reduce`"""

    def compose(*functions):
        return functools.reduce(lambda f, g: lambda t: g(f(t)), functions)

    return compose(np.sin, np.exp, lambda t: t**2)(x[0]) * x[1]


def decorator(x=X):
    """a decorator with `functools.wraps`"""

    def twice(f):
        @functools.wraps(f)
        def again(t):
            return f(f(t))

        return again

    @twice
    def step(t):
        return t + 0.1 * math.sin(t)

    return np.sum(np.array([step(t) for t in x]))


def counted(f):
    @functools.wraps(f)
    def call(*args, **kwargs):
        call.calls += 1
        return f(*args, **kwargs)

    call.calls = 0
    return call


@counted
def counted_energy(x):
    z = np.zeros(3)
    z[:] = x**2
    return np.sum(z)


def decorated_helper(x=X):
    """a decorator that counts calls, on a helper of the module"""
    return counted_energy(x) * x[0]


def lru_cache_on_numbers(x=X):
    """`@functools.lru_cache` on what takes whole numbers"""

    @functools.lru_cache
    def binomial(n, k):
        return 1 if k in (0, n) else binomial(n - 1, k - 1) + binomial(n - 1, k)

    return sum(binomial(4, k) * x[k % 3] ** k for k in range(5))


@functools.lru_cache(maxsize=None)
def nodes_of_quadrature(n):
    return np.polynomial.legendre.leggauss(n)


def lru_cache_on_arrays(x=X):
    """`@lru_cache` on a helper that returns plain arrays"""
    points, weights = nodes_of_quadrature(5)
    return np.sum(weights * np.exp(x[0] * points) * np.cos(x[1] * points))


@functools.lru_cache
def cached_kernel(distance):
    return math.exp(-distance)


def lru_cache_on_traced_numbers(x=X):
    """`@lru_cache` on what takes traced numbers"""
    return cached_kernel(x[0]) * x[1]


def lru_cache_on_traced_numbers_instead(x=X):
    """the function under it: `f.__wrapped__`, or no cache"""
    return cached_kernel.__wrapped__(x[0]) * x[1]


MEMORY = {}


def remembered(n):
    if n not in MEMORY:
        MEMORY[n] = np.linspace(0.0, 1.0, n)
    return MEMORY[n]


def memo_by_hand(x=X):
    """a memo by hand: `if n not in MEMORY`"""
    return np.sum(np.sin(x[0] * remembered(5))) * x[1]


ACTIVATIONS = {"sine": np.sin, "square": lambda t: t**2}


def table_of_numpy_functions(x=X):
    """a table of functions that need nothing of us: `{"sine": np.sin}`"""
    return np.sum(ACTIVATIONS["sine"](x) * ACTIVATIONS["square"](x))


def ramp(t):
    y = np.zeros_like(t)
    y[t > 0.5] = t[t > 0.5] - 0.5
    return y


def smooth(t):
    return math.tanh(t)


SHAPES = {"ramp": ramp}
SCALARS = {"smooth": smooth, "sine": math.sin}


def table_of_functions(x=X):
    """a table of functions that fill `np.zeros_like(t)`"""
    return np.sum(SHAPES["ramp"](x) * x)


def table_of_scalar_functions(x=X):
    """a table of functions of `math`: `{"sine": math.sin}`"""
    return SCALARS["smooth"](x[0]) * SCALARS["sine"](x[1])


def table_of_scalar_functions_instead(x=X):
    """functions of NumPy in the table, or a `match` on the name"""
    scalars = {"smooth": np.tanh, "sine": np.sin}
    return scalars["smooth"](x[0]) * scalars["sine"](x[1])


def table_made_here(x=X):
    """a table of functions, made inside"""

    def area(t):
        return math.pi * t**2

    def side(t):
        return math.sqrt(t)

    return sum(f(t) for f, t in zip([area, side, math.exp], x, strict=True))


def registered(x=X):
    """functions registered by a decorator into a dict of the module"""
    return sum(rule(x) for rule in RULES.values())


RULES = {}


def rule(f):
    RULES[f.__name__] = f
    return f


@rule
def first_moment(x):
    return np.mean(x)


@rule
def filled_moment(x):
    z = np.zeros(3)
    z[0] = x[0] ** 2
    return np.sum(z)


def registered_instead(x=X):
    """call them by name, or decorate them with `wg.rewrite`"""
    return first_moment(x) + filled_moment(x)


def singledispatch(x=X):
    """`@functools.singledispatch`"""
    return norm_of(x) * norm_of(x[0])


@functools.singledispatch
def norm_of(value):
    return abs(value)


@norm_of.register
def _(value: np.ndarray):
    return np.sqrt(np.sum(value**2))


def star_arguments(x=X):
    """`f(*args, **kwargs)`"""

    def area(a, *rest, scale=1.0, **more):
        return a * sum(rest) * scale + more["shift"]

    return area(*x, scale=x[0], **{"shift": x[1]})


def default_arguments(x=X):
    """defaults that are arrays, functions and numbers"""

    def energy(u, weights=np.array([1.0, 2.0, 3.0]), f=math.sin, *, power=2):
        return f(u[0]) * np.sum(weights * u**power)

    return energy(x) + energy(x, power=3)


def mutable_default(x=X):
    """a mutable default that keeps what it was given"""

    def seen(t, history=[]):
        history.append(t)
        return sum(history)

    seen(x[0])
    return seen(x[1]) * x[2]


def keyword_only_array(x=X, *, weights=np.array([1.0, 2.0, 3.0])):
    """an argument that is not differentiated by"""
    return np.sum(weights * x**2) + weights.max()


def callback(x=X):
    """a solver of one's own with callbacks: `f`, `jacobian`, `monitor`"""
    seen = []

    def newton(f, slope, y, monitor):
        for _ in range(6):
            y = y - f(y) / slope(y)
            monitor(y)
        return y

    y = newton(lambda t: t**3 - x[0] * x[1], lambda t: 3 * t**2, 1.0, seen.append)
    return y * seen[0] * x[2]


def runge_kutta(x=X):
    """a Runge-Kutta step of one's own, for a right-hand side with a filled array"""

    def rate(t, u):
        du = np.zeros(2)
        du[0] = u[1]
        du[1] = -x[2] * math.sin(u[0]) + math.cos(t)
        return du

    u, h = np.array([x[0], x[1]]), 0.1
    for k in range(5):
        k1 = rate(k * h, u)
        k2 = rate((k + 0.5) * h, u + 0.5 * h * k1)
        k3 = rate((k + 0.5) * h, u + 0.5 * h * k2)
        k4 = rate((k + 1) * h, u + h * k3)
        u = u + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return u[0] * u[1]


def numerical_derivative(x=X):
    """a difference quotient inside: its derivative is that of the quotient"""

    def slope(f, t, h=1e-3):
        return (f(t + h) - f(t - h)) / (2 * h)

    return slope(lambda t: math.sin(x[0] * t), x[1])


def function_attribute(x=X):
    """an attribute of a function: `f.calls += 1`"""

    def energy(u):
        energy.calls += 1
        return np.sum(u**2) * energy.calls

    energy.calls = 0
    return energy(x) + energy(2 * x)


def getattr_by_name(x=X):
    """a function of NumPy by name: `getattr(np, name)(x)`"""
    return sum(np.sum(getattr(np, name)(x)) for name in ("sin", "exp", "square")) + getattr(math, "sin")(x[0])


def getattr_creating(x=X):
    """`getattr(np, "zeros")(3)`, written"""
    y = getattr(np, "zeros")(3)
    y[0] = x[0] * x[1]
    return np.sum(y)


def modules_as_values(x=X, *, xp=np):
    """the module as a value: `xp = np; xp.zeros(3)`"""
    y = xp.zeros(3)
    y[:] = xp.exp(x)
    return xp.sum(y)


def modules_as_local_values(x=X):
    """`xp = np if ... else ...`, or `x.__array_namespace__()`"""
    xp = x.__array_namespace__()
    y = xp.zeros_like(x)
    y[0] = xp.sum(x**2)
    return xp.sum(y * x)


def operator_methodcaller(x=X):
    """`operator.methodcaller("sum")`, `np.ndarray.sum(x)`"""
    return operator.methodcaller("sum")(x**2) * operator.methodcaller("dot", x)(x)


def unbound_method(x=X):
    """`np.ndarray.sum(x)`, an unbound method"""
    return np.ndarray.sum(x**2)


def unbound_method_instead(x=X):
    """`np.sum(x)`, or `x.sum()`"""
    return np.sum(x**2)


def eval_expression(x=X):
    """`eval("x[0] * x[1]")`"""
    return eval("x[0] * x[1] ** 2")


def eval_with_zeros(x=X):
    """`eval(...)`, in code that also needs `math.sin`"""
    return eval("x[0] * x[1]") * math.sin(x[2])


def eval_with_zeros_instead(x=X):
    """the expression itself"""
    return x[0] * x[1] * math.sin(x[2])


def exec_statements(x=X):
    """`exec("y = math.sin(x)", names)`"""
    names = {"x": x[0], "math": math}
    exec("y = math.sin(x)", names)
    return names["y"] * x[1]


def exec_statements_instead(x=X):
    """the statements themselves"""
    y = math.sin(x[0])
    return y * x[1]


def globals_read(x=X):
    """`globals()["FACTOR"]`, beside `np.zeros`"""
    y = np.zeros(1)
    y[0] = x[0] * globals()["FACTOR"]
    return y[0]


FACTOR = 2.0


def globals_read_instead(x=X):
    """the name itself: `FACTOR`"""
    y = np.zeros(1)
    y[0] = x[0] * FACTOR
    return y[0]


def locals_read(x=X):
    """`locals()["a"]`"""
    a = x[0] ** 2
    return locals()["a"] * x[1] + a


def compiled_code(x=X):
    """`compile` and `types.FunctionType`"""
    code = compile("def f(t):\n    return t * t\n", "<made>", "exec")
    space = {}
    exec(code, space)
    return space["f"](x[0]) * x[1]


def table_of_lambdas(x=X):
    """a table of lambdas with `math`, of the module"""
    return PROFILES["gauss"](x[0]) * x[1]


PROFILES = {"gauss": lambda t: math.exp(-(t**2))}


def table_of_lambdas_instead(x=X):
    """`np.exp` in the lambda"""
    profiles = {"gauss": lambda t: np.exp(-(t**2))}
    return profiles["gauss"](x[0]) * x[1]


PROMISED = (
    calls_a_helper,
    closure_over_x,
    partial,
    decorator,
)
