"""Short tracebacks: of an error that leaves Wengert, the frames of the user's code alone.

@entrance
def grad_of(...): ...          what is raised inside leaves it with a short traceback

`wg.config(full_tracebacks=True)` shows ours, too.
"""

import functools
import os
import types
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from wengert.config import config
from wengert.errors import WengertError, is_library

P = ParamSpec("P")
R = TypeVar("R")
OURS = os.path.dirname(__file__) + os.sep


def entrance(f: Callable[P, R]) -> Callable[P, R]:
    """f, a function that users call: what is raised inside leaves it with a short traceback, this one frame of ours in it."""

    @functools.wraps(f)
    def entered(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return f(*args, **kwargs)
        except Exception as error:
            raise shortened(error)  # wg.config.full_tracebacks = True shows the frames that are left out here

    return entered


def shortened(error: BaseException) -> BaseException:
    """An error, and those it came from, with the frames of the user's code alone, unless all are wanted.

    Of Wengert's own errors NumPy's and Python's frames go, too: they only handed the call on. Of others they may tell what is wrong.
    """
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen and not config.full_tracebacks:
        seen.add(id(each))
        hidden = is_library if isinstance(each, WengertError) else is_ours
        each.__traceback__ = without(each.__traceback__, hidden)
        each = each.__cause__ or each.__context__
    return error


def is_ours(filename: str) -> bool:
    return filename.startswith(OURS)


def without(trail: types.TracebackType | None, hidden: Callable[[str], bool]) -> types.TracebackType | None:
    """A traceback without the frames of some files; as it is where no other frame would be left."""
    frames = []
    each = trail
    while each is not None:
        if not hidden(each.tb_frame.f_code.co_filename):
            frames.append(each)
        each = each.tb_next
    short = None
    for kept in reversed(frames):
        short = types.TracebackType(short, kept.tb_frame, kept.tb_lasti, kept.tb_lineno)
    return short
