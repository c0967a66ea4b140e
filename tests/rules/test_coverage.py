"""The table of what is differentiated: all of NumPy is in it, and it says what the rows say."""

import dataclasses
import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy
import scipy.special

import wengert as wg
from wengert import cli
from wengert.rules import declare
from wengert.rules.coverage import Line
from wengert.rules.declare import ROWS

PAGE = Path(__file__).parent.parent.parent / "docs" / "coverage.md"


def only(name):
    (line,) = wg.coverage(name)
    return line


@pytest.mark.parametrize("module", [np, np.linalg, np.fft, scipy.special], ids=lambda module: module.__name__)
def test_every_public_function_has_one_line(module):
    def is_function(f):
        return isinstance(f, np.ufunc) or inspect.isroutine(f) or type(f).__name__ in ("_ArrayFunctionDispatcher", "MultiUFunc")

    names = {
        name for name in dir(module) if not name.startswith("_") and name in module.__all__ and is_function(getattr(module, name))
    }
    listed = [line.name for line in wg.coverage(module.__name__)]
    here = [name for name in listed if name.rpartition(".")[0] == module.__name__]
    assert len(set(listed)) == len(listed)
    assert {name.rpartition(".")[2] for name in here} == names


@pytest.mark.parametrize(
    ("name", "state", "modes", "batch"),
    [
        ("numpy.sin", "elementwise", "both", "broadcast"),
        ("numpy.sum", "linear", "both", "axis"),
        ("numpy.matmul", "multilinear", "both", "stacked"),
        ("numpy.linalg.inv", "pair", "both", "stacked"),
        ("numpy.floor", "constant", "zero", "loop"),
        ("numpy.zeros_like", "fresh", "zero", "loop"),
        ("numpy.trace", "composite", "both", "as defined"),
        ("scipy.special.erf", "elementwise", "both", "broadcast"),
    ],
)
def test_a_line_says_what_its_row_says(name, state, modes, batch):
    line = only(name)
    assert (line.state, line.modes, line.order, line.batch, line.note) == (state, modes, "any", batch, "")


def test_a_line_says_where_its_row_stands():
    for name in ("numpy.sin", "numpy.linalg.cholesky", "numpy.clip", "scipy.special.erfinv"):
        module, _, number = only(name).where.partition(":")
        source = Path(importlib.import_module(module).__file__).read_text(encoding="utf-8").splitlines()
        assert re.search(rf"\b{name.rpartition('.')[2]}\b", " ".join(source[int(number) - 1 : int(number) + 1])), name


def test_spellings_have_a_line_each():
    assert dataclasses.replace(only("numpy.amax"), name="numpy.max") == only("numpy.max")


def test_an_operand_without_a_partial_is_told():
    assert only("scipy.special.jv").note == "not by argument 0"


def test_without_a_row_a_function_is_missing_or_not_yet_there(monkeypatch):
    monkeypatch.delitem(ROWS, np.sin)
    monkeypatch.delitem(ROWS, np.linalg.inv)
    monkeypatch.setitem(declare.NOT_YET, np.linalg.inv, "it is a matter of a | b.")
    assert only("numpy.sin") == Line("numpy.sin", "missing")
    assert only("numpy.linalg.inv") == Line("numpy.linalg.inv", "not yet", note="it is a matter of a | b.")
    assert r"| `numpy.linalg.inv` | not yet |  |  |  |  | it is a matter of a \| b. |" in wg.coverage().to_markdown()


def test_names_choose_modules_and_functions():
    linalg = wg.coverage("numpy.linalg")
    assert len(linalg) == sum(line.name.startswith("numpy.linalg.") for line in wg.coverage())
    both = wg.coverage("numpy.linalg", "numpy.sin", "numpy.linalg.inv")
    assert len(both) == len(linalg) + 1
    assert len(wg.coverage("numpy")) + len(wg.coverage("scipy")) == len(wg.coverage())


@pytest.mark.parametrize("wrong", ["numpy.lineal", "num", "", "numpy.ndarray", "numpy.test", "numpy."])
def test_a_name_that_chooses_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="no function is called"):
        wg.coverage("numpy.sin", wrong)


def test_the_table_is_frozen():
    table = wg.coverage("numpy.sin")
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.lines = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.lines[0].state = "pair"


def test_the_text_stands_in_columns():
    head, *rows, empty, summary = str(wg.coverage("numpy.linalg")).splitlines()
    assert not empty and summary == repr(wg.coverage("numpy.linalg")).splitlines()[-1]
    starts = [head.index(column) for column in ("function", "derivative", "modes", "order", "batched", "declared in")]
    for row, line in zip(rows, wg.coverage("numpy.linalg"), strict=True):
        cells = [row[a:b].strip() for a, b in zip(starts, [*starts[1:], head.index("note")], strict=True)]
        assert cells == list(dataclasses.astuple(line)[:6])


def test_the_summary_counts_every_line():
    counts = [int(n) for n in re.findall(r"\d+", wg.coverage().summary())]
    assert counts[0] == len(wg.coverage()) == sum(counts[1:])


def test_scipy_is_in_it_once_it_is_loaded():
    program = """
import sys, wengert as wg
assert not [line for line in wg.coverage() if line.name.startswith("scipy")] and "scipy" not in sys.modules
try:
    wg.coverage("scipy.special")
except ValueError as error:
    assert "once it is imported" in str(error)
import scipy.special
print({line.state for line in wg.coverage("scipy.special.erf")})
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert run.stdout == "{'elementwise'}\n", run.stderr


def test_scipys_wrappers_have_the_rows_of_what_they_wrap():
    """With SCIPY_ARRAY_API=1 SciPy wraps its ufuncs."""
    program = "import scipy.special, wengert; print(wengert.coverage('scipy.special.erf').lines[0].state)"
    environment = os.environ | {"SCIPY_ARRAY_API": "1"}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert run.stdout == "elementwise\n", run.stderr


# --- docs/coverage.md ---------------------------------------------------------------------------------------------------


def states(page):
    """Name -> the other cells of its line, without where its row stands."""
    lines = re.findall(r"^\| `([\w.]+)` \| (.*) \|$", page, flags=re.MULTILINE)
    return {name: [cell for k, cell in enumerate(re.split(r"(?<!\\) ?\| ?", rest)) if k != 4] for name, rest in lines}


def test_the_page_says_what_the_rows_say():
    """Of the names that are in both: another NumPy has others."""
    written, now = states(PAGE.read_text(encoding="utf-8")), states(cli.page(wg.coverage().to_markdown(), scipy.__version__))
    assert len(written) > 700
    assert {k: v for k, v in written.items() if k in now} == {k: v for k, v in now.items() if k in written}, AGAIN


def test_the_page_is_complete_for_the_versions_that_it_names():
    page = PAGE.read_text(encoding="utf-8")
    if f"with NumPy {np.__version__} and SciPy {scipy.__version__}." in page:
        assert states(page).keys() == states(wg.coverage().to_markdown()).keys(), AGAIN
    assert re.search(r"with NumPy [\d.]+ and SciPy [\d.]+\.", page)


AGAIN = "write the page again: python -m wengert coverage --markdown > docs/coverage.md"
