"""How the user's function is called, and what a transformed function is.

A `Transform` is an object, not a closure: it pickles when its function does, and keeps the function's name, signature and docstring.
"""

import functools
import re
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, ParamSpec, TypeVar

import numpy as np

from wengert import tree
from wengert.errors import REFUSALS, ConversionError, InputError, OutputError, WengertError, function_name, is_library, user_line
from wengert.trace.dispatch import IN_FORCE, Trace
from wengert.trace.substitute.names import shown
from wengert.trace.substitute.program import writing
from wengert.trace.substitute.reading import refusal
from wengert.trace.substitute.rebuild import check_held, keeping, substituted
from wengert.trace.tensor import Blank, Number, Outside, Scalar, Tensor, View
from wengert.tracebacks import shortened

P = ParamSpec("P")
R = TypeVar("R")
NUMBERS = frozenset((Number, Scalar, Tensor, View))  # what most functions return


def call(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], trace: Trace | Literal[False] = False) -> Any:
    """f(*args, **kwargs), with its globals substituted and its trace in force; or as it is and untraced, where there is none."""
    outer, refusals = REFUSALS.get(), list[WengertError]()
    tokens = IN_FORCE.set(trace), REFUSALS.set(refusals)
    if trace:
        trace.refusals = refusals
    try:
        y = run(f, args, kwargs) if trace else f(*args, **kwargs)
    except WengertError as error:
        annotate(error)
        again(error, outer)
        raise
    except Exception as error:
        if refusals and not tells(error, refusals[0]):
            raise again(refusals[0], outer) from error  # which NumPy, or other C code, has covered
        if isinstance(error, TypeError) and TENSORS.search(str(error)):
            raise again(ConversionError(unknown(error)), outer) from error
        raise
    finally:
        IN_FORCE.reset(tokens[0])
        REFUSALS.reset(tokens[1])
    if refusals:
        raise again(refusals[0], outer)
    return y


def again(refusal: WengertError, outer: list[WengertError] | None) -> WengertError:
    """A refusal that is raised, or raised again: the function around the one that is left may catch it, too."""
    if outer is not None and refusal.kept:
        outer.append(refusal)
    return refusal


def tells(error: BaseException, refusal: WengertError) -> bool:
    """Whether an error is the user's own, or shows the refusal that it goes back to."""
    if isinstance(error, SystemError) or str(error).startswith("setting an array element"):
        return False
    if refusal in (error.__cause__, error.__context__):
        return True
    *_, (innermost, _) = traceback.walk_tb(error.__traceback__)
    return not is_library(innermost.f_code.co_filename) and not str(refusal).endswith(user_line(error))


def run(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """f(*args, **kwargs), with its globals substituted."""
    g = substituted(f)
    if keeping(f, g) and (trace := IN_FORCE.get()):
        trace.course.keeps = True
    if g is not f and (kwargs or not all([type(a) in NUMBERS for a in args])):
        show = covered if writing(g) else shown
        args, kwargs = [show(a) for a in args], {k: show(a) for k, a in kwargs.items()}
    y = g(*args, **kwargs)
    check_held(f, g)
    return y if type(y) in NUMBERS else tree.as_real(y)


def covered(a: Any) -> Any:
    """An argument that is not differentiated, for a function that writes into arrays: what is copied from it may be written."""
    return Outside(a) if type(a) is np.ndarray and a.dtype.kind in "fc" else shown(a)


def annotate(error: WengertError) -> None:
    """Note, of an error in code that substitution leaves as it is, why it does."""
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__) if not is_library(frame.f_code.co_filename)]
    why = refusal(codes[-1]) if codes and isinstance(error, ConversionError) else ""
    note = f"{codes[-1].co_name} runs as it is, with the real np.zeros, math and float, because {why}." if why else ""
    if note and note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def unknown(error: TypeError) -> str:
    """What Wengert says of code that does not know its tensors, and never asked them."""
    return (
        f"a traced value met code that takes plain ones alone ({error}). Write it in NumPy's functions, or use wg.stop_gradient(x)"
        " for the value alone." + user_line(error)
    )


TENSORS = re.compile(rf"\b({'|'.join(t.__name__ for t in (Tensor, Scalar, Number, View, Blank, Outside))})\b")


class Transform(ABC, Generic[P, R]):
    """A function made from f: its derivative, in one way or another."""

    def __init__(
        self,
        f: Callable[..., Any],
        argnums: int | tuple[int, ...] = 0,
        has_aux: bool = False,
        holomorphic: bool = False,
    ) -> None:
        if not callable(f):
            raise InputError(f"a function is to be differentiated, not {f!r}." + user_line())
        functools.update_wrapper(self, f)
        self.f = f
        self.argnums = argnums if isinstance(argnums, int) or not np.iterable(argnums) else tuple(argnums)
        self.positions = self.argnums if isinstance(self.argnums, tuple) else (self.argnums,)
        if any(type(i) is not int for i in self.positions):
            raise InputError(f"argnums is the number of an argument, or a tuple of them, not {argnums!r}." + user_line())
        self.has_aux = has_aux
        self.holomorphic = holomorphic

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.evaluate(args, kwargs)
        except Exception as error:
            raise shortened(error)  # wg.config.full_tracebacks = True shows the frames that are left out here

    @abstractmethod
    def evaluate(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a call gives."""

    def __reduce__(self) -> Any:
        return type(self), (self.f, self.argnums, self.has_aux, self.holomorphic)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({function_name(self.f)}, argnums={self.argnums})"


def apart(result: Any, f: Any) -> tuple[Any, Any]:
    """(y, aux) of what f returned."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise OutputError(
            f"has_aux=True, so {function_name(f)} must return (y, aux); it returned {type(result).__name__}." + user_line()
        )
    return result
