"""The user's line that a call stands on.

here()                      the innermost line outside Wengert and its libraries
with standing_on(line):     ... while the derivative of a call is computed: the line of that call, at every order
"""

import linecache
import os
import traceback
from contextvars import ContextVar
from dataclasses import dataclass

from wengert.errors import is_library, user_frame

STANDING: ContextVar["Line | None"] = ContextVar("wengert line whose derivative is computed", default=None)


@dataclass(frozen=True, order=True)
class Line:
    """A line of the user's code, and the function it is in."""

    file: str
    number: int
    function: str

    @property
    def text(self) -> str:
        return linecache.getline(self.file, self.number).strip()

    @property
    def place(self) -> str:
        return f"{os.path.basename(self.file)}:{self.number}"

    def __str__(self) -> str:
        return f"[{self.place}{': ' + self.text if self.text else ''}]"


NOWHERE = Line("<unknown>", 0, "")


def here() -> Line:
    """The line that is running, or the one whose derivative is being computed."""
    standing = STANDING.get()
    if standing is not None:
        return standing
    frame = user_frame()
    return NOWHERE if frame is None else Line(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def raised_at(error: BaseException) -> Line | None:
    """The innermost line of the user's in the call that raised an error."""
    lines = [
        Line(frame.f_code.co_filename, number, frame.f_code.co_name)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if not is_library(frame.f_code.co_filename)
    ]
    return lines[-1] if lines else None
