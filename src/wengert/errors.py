"""Every error Wengert raises on purpose, as one tree.

    WengertError
    ├── InputError           (TypeError)            an argument cannot be differentiated
    ├── OutputError          (TypeError)            a result cannot be differentiated
    ├── StructureError       (ValueError)           a tangent or cotangent does not fit its primal
    ├── DetachedError        (ValueError)           a result changes with the arguments, and nothing leads from them to it
    ├── ConversionError      (TypeError)            something asked a traced value to become a plain one
    ├── WriteError           (TypeError)            a traced value was written where it cannot be followed
    ├── EndedTraceError      (RuntimeError)         a traced value was kept after its trace had ended
    ├── ConsumedError        (RuntimeError)         a tape was swept a second time without being retained
    ├── TraceError           (RuntimeError)         a request that this value's trace has no answer to
    ├── MissingAttributeError (AttributeError)      an ndarray has this attribute, a traced value does not
    ├── MissingRuleError     (NotImplementedError)  a function has no derivative rule yet
    ├── RuleError            (TypeError)            a rule is declared twice, or does not give what it must
    ├── ClosureError         (TypeError)            a function with a rule used a traced value that is no argument
    ├── NotFiniteError       (FloatingPointError)   under wg.debug(): an operation made NaN or inf
    └── ApproximationWarning (UserWarning)          a derivative is approximated, as was asked for

Each message says what happened, on which line of the user's code, why, and what to write instead.
"""

import collections.abc
import contextvars
import functools
import linecache
import os
import sys
import traceback
import types
import warnings

PYTHON = (os.path.dirname(os.__file__) + os.sep, "<frozen ")
LIBRARIES = ("wengert", "numpy", "scipy", "optree")


REFUSALS: contextvars.ContextVar["list[WengertError] | None"] = contextvars.ContextVar(
    "what was refused in the call that is running", default=None
)
"""Code that catches everything, or C code that goes on, would give a result without its derivative: diff/calling.py raises it again."""


class WengertError(Exception):
    """The root of the tree: `except wengert.errors.WengertError` catches whatever Wengert refuses.

    A function that is differentiated cannot: a refusal that it catches is raised again when it returns.

    >>> import wengert as wg
    >>> sizes = {"size": float}
    >>> def f(x):
    ...     try:
    ...         return sizes["size"](x) ** 2
    ...     except Exception:
    ...         return 1e10
    >>> wg.grad(f)(3.0)
    Traceback (most recent call last):
    ...
    wengert.errors.ConversionError: a plain float was asked of a traced value (float64), ...
    """

    kept = True  # whether code that catches it has lost a derivative

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        refusals = REFUSALS.get()
        if refusals is not None and self.kept:
            refusals.append(self)


class InputError(WengertError, TypeError):
    """An argument cannot be differentiated: integers, booleans, strings, objects, masked arrays.

    >>> import numpy as np, wengert as wg
    >>> wg.grad(np.sum)(np.array([1, 2, 3]))
    Traceback (most recent call last):
    ...
    wengert.errors.InputError: argument 0 of numpy.sum is an array of int64, ...
    >>> wg.grad(np.sum)(np.array([1, 2, 3]).astype(float))
    array([1., 1., 1.])
    """


class OutputError(WengertError, TypeError):
    """A result cannot be differentiated: grad wants one real number.

    >>> import numpy as np, wengert as wg
    >>> wg.grad(lambda x: x * x)(np.array([1.0, 2.0]))
    Traceback (most recent call last):
    ...
    wengert.errors.OutputError: <lambda> returned an array of shape (2,), ...
    >>> wg.jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """


class StructureError(WengertError, ValueError):
    """A tangent or cotangent has not the structure or shape of what it belongs to.

    >>> import numpy as np, wengert as wg
    >>> wg.jvp(np.sin, (np.zeros(3),), (np.ones(2),))
    Traceback (most recent call last):
    ...
    wengert.errors.StructureError: tangent 0 has shape (2,), its primal has shape (3,)...
    >>> wg.jvp(np.sin, (np.zeros(3),), (np.ones(3),))[1]
    array([1., 1., 1.])
    """


class DetachedError(WengertError, ValueError):
    """A result that changes with the arguments otherwise than its derivative says: it depends on what was found by comparing alone.

    Where no call leads from an argument to the result, and once where a line compares again and again, or finds two values equal, the
    function is called a few times more, in plain NumPy beside the point, to see whether it changes as its derivative says.

    >>> import wengert as wg
    >>> def root(a):
    ...     low, high = 0.0, 2.0
    ...     while high - low > 1e-12:
    ...         middle = (low + high) / 2
    ...         low, high = (middle, high) if middle**2 < a else (low, middle)
    ...     return low
    >>> wg.grad(root)(2.0)
    Traceback (most recent call last):
    ...
    wengert.errors.DetachedError: root changes with argument 0, but no call leads from there to its result...
    >>> def differentiable(a):
    ...     x = root(wg.stop_gradient(a))
    ...     return x - (x**2 - a) / (2 * x)               # Newton's step, which leaves x as it is
    >>> round(wg.grad(differentiable)(2.0), 6)
    np.float64(0.353553)
    """


class ConversionError(WengertError, TypeError):
    """Something asked a traced value to become a plain number or array, which would lose its derivative.

    >>> import math, numpy as np, wengert as wg
    >>> waves = {"sine": math.sin}
    >>> wg.grad(lambda x: waves["sine"](x))(1.0)
    Traceback (most recent call last):
    ...
    wengert.errors.ConversionError: a plain float was asked of a traced value (float64), ...
    >>> waves = {"sine": np.sin}
    >>> float(wg.grad(lambda x: waves["sine"](x))(0.0))
    1.0
    """


class WriteError(WengertError, TypeError):
    """A traced value was written into an array whose derivative nobody follows.

    >>> import numpy as np, wengert as wg
    >>> outer = np.zeros(2)
    >>> def f(x):
    ...     return np.sum(np.add(x, 1.0, out=outer))
    >>> wg.grad(f)(np.ones(2))
    Traceback (most recent call last):
    ...
    wengert.errors.WriteError: a traced value was written into an array made outside the function that is being differentiated...
    >>> def f(x):
    ...     return np.sum(np.add(x, 1.0, out=np.zeros_like(x)))
    >>> wg.grad(f)(np.ones(2))
    array([1., 1.])
    """


class EndedTraceError(WengertError, RuntimeError):
    """A traced value was used after the call that traced it had returned.

    What a function puts into lists, dictionaries, objects and names is plain once it has returned; here it went where nobody looks.

    >>> import queue
    >>> import wengert as wg
    >>> kept = queue.SimpleQueue()
    >>> def f(x):
    ...     kept.put(x * x)
    ...     return x * x
    >>> float(wg.grad(f)(3.0))
    6.0
    >>> kept.get() + 1.0
    Traceback (most recent call last):
    ...
    wengert.errors.EndedTraceError: a traced value was used after its trace had ended...
    >>> def f(x):
    ...     return x * x, x * x                   # hand it out as auxiliary output instead
    >>> gradient, kept = wg.grad(f, has_aux=True)(3.0)
    >>> kept + 1.0
    10.0
    """


class ConsumedError(WengertError, RuntimeError):
    """A tape was swept a second time, or read after it was swept, without `retain=True`.

    >>> import wengert as wg
    >>> x = wg.track(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> y.backward()
    Traceback (most recent call last):
    ...
    wengert.errors.ConsumedError: this value's tape was consumed by an earlier sweep...
    >>> y = x * x
    >>> y.backward(retain=True)
    >>> y.backward()
    """


class TraceError(WengertError, RuntimeError):
    """A request that a value's trace has no answer to.

    >>> import wengert as wg
    >>> wg.grad(lambda x: (x * x).backward())(3.0)
    Traceback (most recent call last):
    ...
    wengert.errors.TraceError: this value belongs to a call of grad (or its kin), which does the sweep...
    >>> x = wg.track(3.0)
    >>> (x * x).backward()
    >>> x.grad
    np.float64(6.0)
    """


class MissingRuleError(WengertError, NotImplementedError):
    """A function has no rule yet.

    >>> import sys, numpy as np, wengert as wg
    >>> wg.grad(lambda x: np.savetxt(sys.stdout, x) or x[0])(np.array([0.5]))
    Traceback (most recent call last):
    ...
    wengert.errors.MissingRuleError: numpy.savetxt has no derivative rule: it writes a file. Give it wg.stop_gradient(x)...
    >>> wg.grad(lambda x: np.savetxt(sys.stdout, wg.stop_gradient(x)) or x[0])(np.array([0.5]))
    5.000000000000000000e-01
    array([1.])
    """


class MissingAttributeError(WengertError, AttributeError):
    """An attribute of ndarray that a traced value does not have.

    >>> import numpy as np, wengert as wg
    >>> wg.grad(lambda x: x.view(np.float32)[0])(np.ones(2))
    Traceback (most recent call last):
    ...
    wengert.errors.MissingAttributeError: a traced value (float64[2]) has no view in another dtype...
    >>> wg.grad(lambda x: x.astype(np.float32)[0])(np.ones(2))
    array([1., 0.])
    """


class RuleError(WengertError, TypeError):
    """A rule is declared twice, or gives what it must not.

    >>> import numpy as np
    >>> from wengert.extend import elementwise
    >>> elementwise(np.sin, lambda y, x: np.cos(x))
    Traceback (most recent call last):
    ...
    wengert.errors.RuleError: numpy.sin has a rule already...
    """


class ClosureError(WengertError, TypeError):
    """A function with a rule of its own used a traced value that is no argument of it.

    Nothing inside a primitive, custom_jvp, custom_vjp or checkpoint is traced, and the derivative would be lost.

    >>> import numpy as np, wengert as wg
    >>> wg.grad(lambda a: wg.checkpoint(lambda x: np.sin(a * x))(a))(2.0)
    Traceback (most recent call last):
    ...
    wengert.errors.ClosureError: ...<lambda> used a traced value that is not one of its arguments...
    >>> wg.grad(lambda a: wg.checkpoint(lambda a, x: np.sin(a * x))(a, a))(0.0)
    np.float64(0.0)
    """


class NotFiniteError(WengertError, FloatingPointError):
    """Under `wg.debug()`, an operation made NaN or inf, and it reaches the result or a derivative.

    `origin` says it in fields: the function, the user's line, the element, the values there, in which sweep, and what to write.

    >>> import numpy as np, wengert as wg
    >>> def loss(x):
    ...     return np.sum(np.sqrt(x))
    >>> with wg.debug():
    ...     wg.grad(loss)(np.array([4.0, 0.0]))
    Traceback (most recent call last):
    ...
    wengert.errors.NotFiniteError: the derivative of sqrt made inf in the reverse sweep, and the gradient is inf: sqrt(0) at [1] ...
    >>> def loss(x):
    ...     return np.sum(np.where(x > 0, np.sqrt(x), 0.0))
    >>> with wg.debug():
    ...     wg.grad(loss)(np.array([4.0, 0.0]))
    array([0.25, 0.  ])
    """

    def __init__(self, message: str, origin: object = None) -> None:
        super().__init__(message)
        self.origin = origin


class ApproximationWarning(WengertError, UserWarning):
    """A derivative is approximated, as `primitive(on_missing=...)` asked for. Python shows it once a line.

    >>> import warnings, wengert as wg
    >>> cube = wg.primitive(lambda x: x**3, on_missing="finite-difference")
    >>> with warnings.catch_warnings(record=True) as shown:
    ...     warnings.simplefilter("always")
    ...     slope = wg.grad(cube)(2.0)
    >>> round(slope, 6), shown[0].category.__name__
    (np.float64(12.0), 'ApproximationWarning')
    """

    kept = False


def user_frame() -> types.FrameType | None:
    """The innermost frame outside Wengert, the libraries that calls pass through, and Python's own."""
    return next(user_frames(sys._getframe(1)), None)


def shown_frame() -> types.FrameType | None:
    """The same, to show a person: if possible one with a source, not run by exec or by `python -c`."""
    innermost = sys._getframe(1)
    return next((f for f in user_frames(innermost) if source_line(f, f.f_lineno)), next(user_frames(innermost), None))


def user_frames(frame: types.FrameType | None) -> collections.abc.Iterator[types.FrameType]:
    while frame is not None:
        if not is_library(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def source_line(frame: types.FrameType, number: int) -> str:
    return linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()


def running(functions: collections.abc.Sequence[object]) -> object | None:
    """The first of these library functions that a call is in by now, on its way from the user's line to here; None: in none of them."""
    frames = []
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and is_library(frame.f_code.co_filename):
        frames.append(frame)
        frame = frame.f_back
    return next((f for frame in reversed(frames) for f in functions if runs(f, frame)), None)


def runs(f: object, frame: types.FrameType) -> bool:
    """Whether a frame is a call of f: a function, one of a decorator that knows what it wraps, or an object with __call__."""
    if not isinstance(f, types.FunctionType):
        return frame.f_code.co_name == "__call__" and frame.f_locals.get("self") is f
    inner = getattr(f, "__wrapped__", None)
    return frame.f_code is f.__code__ and (inner is None or any(value is inner for value in frame.f_locals.values()))


@functools.lru_cache(maxsize=4096)
def is_library(filename: str) -> bool:
    """Whether code of this file is Wengert's, a library's that calls pass through, or Python's own; asked of each frame on the way."""
    if filename.startswith(PYTHON) and "site-packages" not in filename:
        return True
    known = [sys.modules[name].__file__ for name in LIBRARIES if name in sys.modules]
    return any(filename.startswith(os.path.dirname(file) + os.sep) for file in known if file)


def user_line(error: BaseException | None = None) -> str:
    """The innermost line outside Wengert and its dependencies, as `  [file.py:12: the line itself]`; '' if none is.

    That of the call in progress, or of the call that raised an error.
    """
    frame = shown_frame()
    line = 0 if frame is None else frame.f_lineno
    for raised, number in traceback.walk_tb(error.__traceback__ if error else None):
        if is_library(raised.f_code.co_filename):
            continue
        if frame is None or source_line(raised, number) or not source_line(frame, line):
            frame, line = raised, number
    if frame is None:
        return ""
    text = source_line(frame, line)
    return f"\n  [{os.path.basename(frame.f_code.co_filename)}:{line}{': ' + text if text else ''}]"


def warn(message: str, category: type[Warning]) -> None:
    """Warn on the user's line; by Python's own filters, once a line unless the user says otherwise."""
    frame = user_frame()
    if frame is None:
        warnings.warn(message, category, stacklevel=2)
        return
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    name = frame.f_globals.get("__name__", "<unknown>")
    warnings.warn_explicit(message, category, frame.f_code.co_filename, frame.f_lineno, name, registry)


def function_name(f: object) -> str:
    """A name a person would say for a function: `numpy.linalg.solve`, `energy`, `<lambda>`."""
    name = getattr(f, "__qualname__", None) or getattr(f, "__name__", None) or type(f).__name__
    module = getattr(f, "__module__", None) or home(f, name)
    root, *parts = module.split(".")
    public = ".".join([root, *(part for part in parts if not part.startswith("_"))])
    return f"{public}.{name}" if root in ("numpy", "scipy", "operator", "_operator") else name


def home(f: object, name: str) -> str:
    """The module of a ufunc, which does not say so itself."""
    return next((m for m in HOMES if m in sys.modules and getattr(sys.modules[m], name, None) is f), "")


HOMES = ("numpy", "scipy.special", "scipy.special._ufuncs")
