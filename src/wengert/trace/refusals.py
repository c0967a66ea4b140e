"""What a traced value says when it is asked to become a plain one: by whom, in which line, and what to write instead.

    raise refusal(x, "float")      "a plain float was asked of a traced value (float64) by statistics.median_grouped, which would ..."

C code that asked may raise an error of its own instead; the caller of the user's function (diff/calling.py) says what was refused.
"""

import dis
import sys
import types
from typing import Any

from wengert.errors import REFUSALS, ConversionError, function_name, is_library, running, user_frame, user_line
from wengert.rules.declare import NOT_YET, ROWS, TWINS, load_late

ALONE = "or wg.stop_gradient(x) for the value alone."
INSTEAD = {
    "array": (
        "Wengert was not asked: the array it goes to was made, or the call is, where substitution does not reach (in a container, a"
        " package, SciPy). Reach it with wg.rewrite(f), write functions that take arrays as they are (np.stack([...]),"
        f" np.zeros_like(x)), {ALONE}"
    ),
    "float": (
        "Reach the code that asked with wg.rewrite(f) where it is in a container, an object made elsewhere or a package; or write"
        f" np.sin(x) for math.sin(x), x itself for float(x), {ALONE}"
    ),
    "complex": f"Write x + 0j for complex(x), and np.exp(x) for cmath.exp(x), {ALONE}",
}


def refusal(x: Any, kind: str) -> ConversionError:
    """The error, for a value x of which a plain `kind` was asked."""
    asker, f = asking()
    by = f" by {asker}" if asker else ""
    usual = f"a plain {kind} was asked of {{}}{by}", library_advice(f) or INSTEAD[kind]
    what, instead = usual if asker else STEPS.get(doing(), usual)
    message = f"{what.format(f'a traced value ({describe(x)})')}, which would lose its derivative. {instead}" + user_line()
    error = ConversionError(message)
    if REFUSALS.get() is None and x._trace.refusals is not None:
        x._trace.refusals.append(error)  # in a thread that knows of no call, where nobody may see it
    return error


def describe(x: Any) -> str:
    return f"{x.dtype}[{','.join(map(str, x.shape))}]" if x.shape else str(x.dtype)


# --- who asked --------------------------------------------------------------------------------------------------------------


def asking() -> tuple[str, object]:
    """The library function that the user's line has called: its public name and itself, as far as frames tell; ("", None) for none."""
    found: tuple[str, object] = ("", None)
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and is_library(frame.f_code.co_filename):
        f, method = called_in(frame)
        name = getattr(f, "__name__", "_")
        if name[0] != "_" and not getattr(f, "__module__", "wengert").startswith("wengert"):
            found = ".".join([exported(f, name), *method]), f
        frame = frame.f_back
    return found


def called_in(frame: types.FrameType) -> tuple[object, list[str]]:
    """The function, or the class and the method, whose frame this is; of a decorator's wrapper, the function that it wraps."""
    first, *rest = frame.f_code.co_qualname.split(".")
    here = frame.f_locals
    if "<locals>" in rest:
        return next((v for v in here.values() if isinstance(v, types.FunctionType) and "<" not in v.__qualname__), None), []
    owner = type(here["self"]) if rest and "self" in here else frame.f_globals.get(first)
    return owner, [name for name in rest if name[0] != "_"]


def exported(f: Any, name: str) -> str:
    """The name by which a library offers f, or what wraps it: that in the outermost package that has it."""
    parts = f.__module__.split(".")
    public = [part for part in parts if part[0] != "_"]
    packages = [".".join(public[: k + 1]) for k in range(len(public))]
    return f"{next((p for p in packages if hasattr(sys.modules.get(p), name)), packages[-1])}.{name}"


def doing() -> str:
    """What Python is doing in the user's line, where no function is called: to "store" an item, to "format" a text by %; else ""."""
    frame = user_frame()
    code, place = (frame.f_code.co_code, frame.f_lasti) if frame else (b"", 0)
    if place + 1 >= len(code):
        return ""
    what, argument = dis.opname[code[place]], code[place + 1]
    return "store" if what == "STORE_SUBSCR" else "format" if what == "BINARY_OP" and argument in REMAINDER else ""


REMAINDER = (6, 19)  # of BINARY_OP: % and %=


STEPS = {
    "store": (
        "{} was to be stored in an array that is not followed",
        "That array is of integers, or was made outside the function that is differentiated, or where substitution does not reach (in a"
        " container, an object made elsewhere, a package; wg.rewrite(f) does). Make it in that function, of floats: np.zeros(n),"
        f" np.zeros_like(x), np.copy(data), {ALONE}",
    ),
}


def logged() -> bool:
    """Whether the value is asked for by `logging`, whose texts nobody reads as numbers again: `logger.info("%.3f", x)`."""
    return sys._getframe(2).f_globals.get("__name__") == "logging"


def library_advice(asker: Any) -> str:
    """What to write instead of the library function that is running."""
    load_late()
    f = running([*TWINS, *NOT_YET])
    if f in TWINS:
        return f"{function_name(f)} takes plain values alone. Write {exported(TWINS[f], TWINS[f].__name__)}, its twin, instead."
    if f is not None:
        return f"{function_name(f)} has no derivative rule: {NOT_YET[f]}"
    if asker is None:
        return ""
    if any([asker is f for f in ROWS]):
        return f"Of a list it does not ask Wengert: make it an array first, np.array([...]), {ALONE}"
    return f"Write it in functions that Wengert knows (wg.coverage()), give it a rule (wg.primitive), {ALONE}"
