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
from wengert.rules.vocabulary import Traced

Place = tuple[types.CodeType, int]
"""An instruction of the user's code."""

Path = frozenset[tuple[Place, int]]
"""All places that decided in a run, and what they decided: 1 for yes, 2 for no, 4 for arrays of these."""

OFTEN = 10
"""As often does a place decide in one run that may be a search."""

TOLERANCE = 1e-3
"""A number as small as this, with which a value is compared, is taken for a tolerance: the value may be as good as met."""

ORDER = frozenset((np.less, np.less_equal, np.greater, np.greater_equal))
EQUAL = frozenset((np.equal, np.not_equal, np.array_equal, np.array_equiv, np.allclose, np.isclose))


class Decision:
    """How often one place decided, what, and whether it found a traced value equal to a plain one."""

    __slots__ = ("count", "met", "place", "what")

    def __init__(self, place: Place) -> None:
        self.place, self.count, self.what, self.met = place, 0, 0, False


class Course:
    """Of one run of a function."""

    __slots__ = ("asked", "decisions", "keeps", "released", "rounded", "ruled", "written")

    def __init__(self) -> None:
        self.released = False  # whether the function itself let go of a value: wg.stop_gradient, a constant of the user's own
        self.ruled = False  # whether it called what has a rule of the user's own, whose derivative need not be that of its value
        self.asked = False  # whether it had a value said without its trace: as a truth value, a whole number
        self.written = False  # likewise as a text
        self.rounded = False  # likewise rounded to some digits
        self.keeps = False  # whether it may leave something behind, in what others hold
        self.decisions: dict[tuple[int, int], Decision] = {}  # by the identity of the code: to hash it takes long

    def decided(self, row: Row, y: Any, args: tuple[Any, ...]) -> None:
        """A call gave a truth value or an index, or an array of these, on which the function may decide what to do next."""
        frame: Any = sys._getframe(3)  # above here are a trace, dispatch, and what called it
        while is_library(frame.f_code.co_filename):
            frame = frame.f_back
            if frame is None:
                return
        key = id(frame.f_code), frame.f_lasti
        found = self.decisions.get(key)
        if found is None:
            found = self.decisions[key] = Decision((frame.f_code, frame.f_lasti))
        found.what |= 4 if type(y) is np.ndarray else 1 if y else 2
        found.count += OFTEN if row.f in ORDER and within_tolerance(args) else 1
        if row.f in EQUAL and met(row.f, args, y):
            found.met = True

    def searches(self) -> list[Place]:
        """The places that may have searched."""
        return [d.place for d in self.decisions.values() if d.count >= OFTEN or d.met] if self.decisions else []

    @property
    def knows(self) -> bool:
        """Whether what it computed may depend on a traced value unseen."""
        return bool(self.asked or self.written or self.rounded or self.decisions)

    @property
    def remembers(self) -> bool:
        """Whether it may have found again what it kept in an earlier call: by a value that was equal, or a key made of one."""
        return (self.keeps and (self.written or self.rounded)) or any([d.met for d in self.decisions.values()])

    @property
    def path(self) -> Path:
        return frozenset([(d.place, d.what) for d in self.decisions.values()])


def met(f: Any, args: tuple[Any, ...], y: Any) -> bool:
    """Whether a traced value was found to be equal to a plain one."""
    equal = np.size(y) and (not np.any(y) if f is np.not_equal else np.all(y))
    return bool(equal) and not (isinstance(args[0], Traced) and isinstance(args[1], Traced))


def within_tolerance(args: tuple[Any, ...]) -> bool:
    """Whether a value was compared with a tolerance, as by a loop that has come to its end, perhaps before its first step."""
    return any([type(a) in (float, np.float64) and 0.0 < a <= TOLERANCE for a in args])
