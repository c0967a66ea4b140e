"""The table of rules as a whole: every row stands in a chapter whose test proves it, and is declared once."""

from pathlib import Path

import numpy as np
import pytest

import wengert.rules
import wengert.rules.scipy.special
from wengert.errors import RuleError
from wengert.rules import declare
from wengert.rules.declare import ROWS, constant, elementwise, linear, multilinear, pair, spelled

RULES = Path(wengert.rules.__file__).parent
CHAPTERS = sorted(p.relative_to(RULES) for folder in ("numpy", "scipy") for p in (RULES / folder).rglob("[!_]*.py"))
NO_ROWS = {"not_yet"}  # chapters that declare nothing


def dotted(chapter):
    """`numpy.fft` for the path numpy/fft.py."""
    return ".".join(chapter.with_suffix("").parts)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
def test_every_chapter_has_its_test(chapter):
    test = Path(__file__).parent / chapter.parent / f"test_{chapter.name}"
    assert chapter.stem in NO_ROWS or f'"{dotted(chapter)}"' in test.read_text(encoding="utf-8")


def test_every_row_stands_in_a_chapter():
    chapters = {f"wengert.rules.{dotted(chapter)}" for chapter in CHAPTERS}
    assert not {row.where for row in ROWS.values() if row.where.split(":")[0] not in chapters}


@pytest.mark.parametrize(
    "again",
    [
        lambda: elementwise(np.sin, lambda y, x: np.cos(x)),
        lambda: linear(np.transpose, lambda g, x: g),
        lambda: multilinear(np.matmul, lambda g, a, b: g),
        lambda: pair(np.prod, jvp=lambda y, x, t: t, vjp=lambda g, y, x: g),
        lambda: constant(np.floor),
        lambda: declare.composite(np.outer, lambda a, b: a),
        lambda: elementwise(np.absolute, np.sign),
        lambda: spelled(np.max, np.min),
    ],
)
def test_a_function_is_declared_once(again):
    before = dict(ROWS)
    with pytest.raises(RuleError, match="has a rule already, declared at wengert.rules"):
        again()
    assert before == ROWS


def test_spellings_share_a_row():
    assert ROWS[np.max] is ROWS[np.maximum.reduce]
    before = dict(ROWS)
    spelled(np.max, np.amax, np.max)
    assert before == ROWS


def test_rows_are_the_functions_that_users_call():
    public = {id(f) for module in (np, np.linalg) for f in vars(module).values() if callable(f)}
    ufuncs = [f for f in ROWS if isinstance(f, np.ufunc) and ROWS[f].where.startswith("wengert.rules.numpy")]
    assert not [f for f in ufuncs if id(f) not in public]
