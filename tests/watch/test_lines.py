"""The user's line, wherever it is asked for."""

import functools

import numpy as np
import pytest

from wengert.errors import is_library
from wengert.watch.lines import NOWHERE, STANDING, Line, here, raised_at


def test_it_is_the_innermost_line_of_the_users():
    def seen():
        return here()

    line = functools.partial(seen)()  # through a library, back into this file
    assert (line.file, line.function, line.text) == (__file__, "seen", "return here()")
    assert line.place == f"test_lines.py:{line.number}" and str(line) == f"[{line.place}: return here()]"


def test_while_a_derivative_is_computed_it_is_that_of_the_call():
    line = Line("model.py", 3, "f")
    token = STANDING.set(line)
    assert here() is line
    STANDING.reset(token)
    assert here() is not line
    assert str(line) == "[model.py:3]" and NOWHERE.text == ""


def test_an_error_has_the_line_that_raised_it():
    def solve():
        return np.linalg.solve(np.zeros((2, 2)), np.ones(2))

    with pytest.raises(np.linalg.LinAlgError) as raised:
        solve()
    assert raised_at(raised.value).text == "return np.linalg.solve(np.zeros((2, 2)), np.ones(2))"
    assert raised_at(ValueError()) is None


def test_what_is_a_library_is_asked_once():
    is_library.cache_clear()
    assert is_library(np.__file__) and not is_library(__file__)
    is_library(__file__)
    assert is_library.cache_info().hits == 1
