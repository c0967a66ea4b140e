"""The complex step, for programs that know nothing of it: their source is run once more, with NumPy made analytic.

    replay = Replay(path)                            a file with `program` and `arguments`
    replay.slope(tangents)                           Im f(x + ih t) / h with h = 1e-30: exact to rounding, and no rule of ours in it

In the replay every array of floats is complex, `float` and `int` know complex numbers, and what is no analytic function in NumPy,
`math` or SciPy is one (complex_numpy.py). NumPy's own comparisons of complex numbers already go by the real part first. Complex numbers
of the program itself are pairs of such arrays (complex_pairs.py).

Sources: W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998);
J. R. R. A. Martins, P. Sturdza and J. J. Alonso, "The complex-step derivative approximation", ACM TOMS 29 (2003).
"""

import ast
import builtins
import functools
import types
from pathlib import Path

import numpy as np
from tests.complex_numpy import METHODS, OURS, PARTS, Float, Int, absolute, by_value, floor_divide, is_number, mod
from tests.complex_pairs import PAIRED, Complex, Pair, imaginary

from wengert import tree

STEP = 1e-30


class Replay:
    """A program's source, run again in analytic arithmetic."""

    def __init__(self, path: Path):
        names = {"__builtins__": {**vars(builtins), **BUILTINS}, "__name__": f"replayed_{path.stem}", ANALYTIC: OPERATIONS}
        source = ast.fix_missing_locations(Spelled().visit(ast.parse(path.read_text(encoding="utf-8"))))
        exec(compile(source, str(path), "exec"), names)
        self.program, self.arguments = names["program"], names["arguments"]

    def slope(self, tangents, offsets=None):
        """The derivative of the program along tangents, one a leaf of its arguments (None: zero), at its arguments plus offsets."""
        leaves, treedef = tree.flatten(self.arguments)
        offsets = offsets or [None] * len(leaves)
        moved = [a if t is None else stepped(a, t, o) for a, t, o in zip(leaves, tangents, offsets, strict=True)]
        value = self.program(*tree.unflatten(treedef, moved))
        assert np.ndim(value) == 0 and not isinstance(value, Pair)
        return float(np.imag(value)) / STEP


def stepped(a, t, offset):
    moved = a + 1j * STEP * t + (0.0 if offset is None else offset)
    return np.array(moved, order="K") if isinstance(a, np.ndarray) else np.complex128(moved)


class Spelled(ast.NodeTransformer):
    """The source with calls in the place of what cannot be given another meaning otherwise: 2j, a % b, a // b, x.real, x.std()."""

    def visit_Constant(self, node):
        return called("imaginary", ast.Constant(node.value.imag)) if isinstance(node.value, complex) else node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        name = {ast.Mod: "mod", ast.FloorDiv: "floor_divide"}.get(type(node.op))
        return node if name is None else called(name, node.left, node.right)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        return called(node.attr, node.value) if node.attr in PARTS and isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node):
        function = node.func
        if not isinstance(function, ast.Attribute):
            return self.generic_visit(node)
        function.value = self.visit(function.value)  # the attribute itself is no part, but np.real or x.std
        self.generic_visit(ast.Call(ast.Constant(None), node.args, node.keywords))
        if function.attr in METHODS:
            return ast.Call(called_name(function.attr), [function.value, *node.args], node.keywords)
        return node


ANALYTIC = "__analytic__"


def called_name(name):
    return ast.Attribute(ast.Name(ANALYTIC, ast.Load()), name, ast.Load())


def called(name, *arguments):
    return ast.Call(called_name(name), list(arguments), [])


# --- modules whose functions are analytic ---------------------------------------------------------------------------------------


class Module(types.ModuleType):
    """A module, or another object with functions, from which every array of floats comes out complex; some functions are ours."""

    def __init__(self, real, ours):
        super().__init__(getattr(real, "__name__", type(real).__name__))
        self.__dict__["__real"], self.__dict__["__ours"] = real, ours

    def __getattr__(self, name):
        if name in vars(self)["__ours"]:
            return vars(self)["__ours"][name]
        value = getattr(vars(self)["__real"], name)
        if isinstance(value, types.ModuleType):
            return standing(value)
        if not callable(value) or isinstance(value, type):
            return value
        return Function(value)


class Function:
    """A function of NumPy whose arrays of floats come out complex; of pairs, the one that complex_pairs.py has."""

    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)  # np.add.at, np.maximum.reduce

    def __call__(self, *args, **kwargs):
        dtype = kwargs.get("dtype")
        if dtype is Complex or any(isinstance(a, Pair) for a in tree.flatten((args, kwargs))[0]):
            kwargs = {k: v for k, v in kwargs.items() if v is not Complex}
            return PAIRED[self.real.__name__](*(a for a in args if a is not Complex), **kwargs)
        return widened(self.real(*args, **kwargs))


def widened(y):
    """Arrays of floats, as complex ones that lie in memory in the same way."""
    if isinstance(y, np.ndarray):
        return y.astype(complex) if y.dtype.kind == "f" else y
    if isinstance(y, np.random.Generator):
        return Module(y, {})
    return type(y)(map(widened, y)) if type(y) in (list, tuple) else y


def imported(name, names=None, locals=None, fromlist=(), level=0):
    """import: of modules that we know, their analytic version."""
    return standing(builtins.__import__(name, names, locals, fromlist, level))


def standing(module):
    return Module(module, OURS[module.__name__]) if module.__name__ in OURS else module


# --- what stands for builtins, and for what is spelled as a call -----------------------------------------------------------------


def method(name):
    """What x.std() is spelled as; np.std(x) stays a function of a module."""

    def call(x, *args, **kwargs):
        f = functools.partial(METHODS[name], x) if is_number(x) else getattr(x, name)
        return f(*args, **kwargs)

    return call


def part(name):
    """What x.real is spelled as."""
    return lambda x: PARTS[name](x) if is_number(x) else getattr(x, name)


OPERATIONS = types.SimpleNamespace(
    imaginary=imaginary, mod=mod, floor_divide=floor_divide, **{p: part(p) for p in PARTS}, **{m: method(m) for m in METHODS}
)

BUILTINS = {
    "__import__": imported,
    "float": Float,
    "int": Int,
    "complex": Complex,
    "abs": absolute,
    "round": lambda x, digits=None: round(by_value(x), digits),
    "divmod": lambda x, y: (floor_divide(x, y), mod(x, y)),
    "pow": lambda x, y: x**y,
}
