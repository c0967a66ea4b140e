"""What a trace knows of the course of the function it traces, besides the calls: what its derivative may not tell.

A comparison leaves plain numbers behind, which bring no derivative with them:

    while high - low > 1e-12: low, high = (middle, high) if middle**2 < a else (low, middle)      a line that compares again and again
    if np.array_equal(x, self.last_x): return self.last_y                                         one that finds a value met before

Most decisions lose nothing: `if x > 0` chooses between formulas, and a loop that ends when its error is small has computed with the
traced values all along. So they are only counted, by their places in the user's code; diff/detached.py asks the function about those
that may be a search.
"""

import sys
import types
from typing import Any

import numpy as np

from wengert.errors import is_library
from wengert.rules.row import Row

Place = tuple[types.CodeType, int]
"""An instruction of the user's code."""

OFTEN = 10
"""As often does a place decide in one run that may be a search."""

EQUAL = frozenset((np.equal, np.not_equal, np.array_equal, np.array_equiv, np.allclose, np.isclose))


class Decision:
    """How often one place decided."""

    __slots__ = ("at", "code", "count")

    def __init__(self, code: types.CodeType, at: int) -> None:
        self.code, self.at, self.count = code, at, 0


class Course:
    """Of one run of a function."""

    __slots__ = ("asked", "decisions", "keeps", "released", "ruled", "written")

    def __init__(self) -> None:
        self.released = False  # whether the function itself let go of a value: wg.stop_gradient, a constant of the user's own
        self.ruled = False  # whether it called what has a rule of the user's own, whose derivative need not be that of its value
        self.asked = False  # whether it had a value said without its trace: a truth value, a whole number, a text
        self.written = False  # whether a text was made of a traced value
        self.keeps = False  # whether it may leave something behind, in what others hold
        self.decisions: dict[tuple[int, int], Decision] = {}  # by the identity of the code: to hash it takes long

    def decided(self, row: Row, y: Any) -> None:
        """A call gave a truth value or an index, or an array of these, on which the function may decide what to do next."""
        frame: Any = sys._getframe(3)  # above here are a trace, dispatch, and what called it
        while is_library(frame.f_code.co_filename):
            frame = frame.f_back
            if frame is None:
                return
        key = id(frame.f_code), frame.f_lasti
        found = self.decisions.get(key)
        if found is None:
            found = self.decisions[key] = Decision(frame.f_code, frame.f_lasti)
        found.count += OFTEN if row.f in EQUAL and met(row.f, y) else 1

    def searches(self) -> list[Place]:
        """The places that may have searched."""
        return [(d.code, d.at) for d in self.decisions.values() if d.count >= OFTEN] if self.decisions else []


def met(f: Any, y: Any) -> bool:
    """Whether two values were found to be equal, which is as good as many decisions."""
    return bool(np.size(y) and (not np.any(y) if f is np.not_equal else np.all(y)))
