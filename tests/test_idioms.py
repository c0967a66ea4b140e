"""Idioms work, or are loud on their own line; docs/what-works.md tells of each what was found."""

import re
from pathlib import Path

import numpy as np
import pytest
from scenarios.idioms import INSTEAD, Idiom, categories
from scenarios.idioms.page import AGAIN, PAGE, page, row, shown, versions
from scenarios.idioms.verdict import Verdict, verdict

import wengert as wg
from wengert.errors import ConversionError
from wengert.extend import elementwise

CATEGORIES = categories()
IDIOMS = [idiom for category in CATEGORIES for idiom in category.idioms]
TEXT = PAGE.read_text(encoding="utf-8")
WRITE = f"write the page again: {AGAIN}"


@pytest.mark.parametrize("idiom", IDIOMS, ids=lambda idiom: idiom.name)
def test_it_works_or_is_loud_and_the_page_says_so(idiom):
    found = verdict(idiom.f, idiom.order)
    if idiom.promised or idiom.f.__name__.endswith(INSTEAD):
        assert found.state == "works", found
    elif found.state == "loud":
        assert idiom.instead, f"say what to write instead of it, in {idiom.f.__name__}{INSTEAD}: {found}"
    if not idiom.f.__name__.endswith(INSTEAD):
        assert said(idiom, found) in TEXT, WRITE


def said(idiom, found):
    """Its row; of an error that another version of Python, NumPy or SciPy words in another way, the beginning."""
    whole = row(idiom, found)
    return whole if versions() in TEXT else whole[: whole.index(f"| {found.state} |") + 3 + len(found.state)]


def test_the_page_has_a_row_for_each_idiom_and_no_other():
    skeleton = page(dict.fromkeys(IDIOMS, Verdict("works"))).splitlines()
    written = TEXT.splitlines()
    assert [title_of(line) for line in written] == [title_of(line) for line in skeleton], WRITE
    rows = [line for line in written if re.search(r" \| (works|loud) \| ", line)]
    loud = [line for line in rows if " | loud | " in line]
    assert len(rows) == sum(len(shown(category)) for category in CATEGORIES) >= 500
    assert f"{len(rows)} idioms: {len(rows) - len(loud)} work, {len(loud)} are loud." in TEXT, WRITE


def title_of(line):
    """A line of the page, as far as it does not depend on verdicts and versions."""
    return re.split(r" \| (?:works|loud) \| |\d+ idioms: |with Python ", line)[0]


def test_names_and_titles_tell_idioms_apart():
    for category in CATEGORIES:
        titles = [idiom.title for idiom in shown(category)]
        assert len(set(titles)) == len(titles), category.title
    stray = [i.name for i in IDIOMS if i.name.endswith(INSTEAD) and i.name.removesuffix(INSTEAD) not in {j.name for j in IDIOMS}]
    assert not stray


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category.module.__name__.rpartition(".")[2])
def test_idioms_are_unmodified_numpy(category):
    source = Path(category.module.__file__).read_text(encoding="utf-8")
    assert not re.search(r"^\s*(import|from) (wengert|scenarios)\b", source, re.MULTILINE)


# --- the runner sees what is wrong ----------------------------------------------------------------------------------------------


@wg.primitive
def cube(x):
    return x**3


@wg.primitive
def fourth(x):
    return x**4


elementwise(cube, lambda y, x: 3.01 * x**2)
elementwise(fourth, lambda y, x: 4.0 * wg.stop_gradient(x) ** 3)
X = np.array([0.3, 0.7])


def wrong(x=X):
    """A rule with a wrong factor."""
    return np.sum(cube(x))


def wrong_in_the_second(x=X):
    """A rule whose derivative is cut."""
    return np.sum(fourth(x))


def detached(x=X):
    """What is detached by hand."""
    return np.sum(x * wg.stop_gradient(x))


def noisy(x=X):
    """A function that jumps."""
    return np.sum(x) + float(np.sum(x) > 1.0)


@pytest.mark.parametrize("f", [wrong, wrong_in_the_second, detached, noisy])
def test_what_is_wrong_fails(f):
    with pytest.raises(AssertionError, match=f.__name__):
        verdict(f)


def test_the_order_is_that_of_the_first_derivative_where_it_says_so():
    assert verdict(wrong_in_the_second, order=1) == Verdict("works")


def raises(x=X):
    """An error that is none of ours."""
    if isinstance(x, wg.Tensor):
        raise KeyError("x")
    return np.sum(x)


def refuses(x=X):
    """One of ours that names another line."""
    if isinstance(x, wg.Tensor):
        raise ConversionError("a plain float was asked.\n  [other.py:3: float(x)]")
    return np.sum(x)


def asks(x=X):
    """One of ours, of this line."""
    return x.tobytes() and np.sum(x)


def test_an_error_must_be_ours_and_name_the_line():
    with pytest.raises(KeyError):
        verdict(raises)
    with pytest.raises(AssertionError, match="does not name the line"):
        verdict(refuses)
    assert verdict(asks).says == "a traced value has no tobytes, which ndarray has"


def test_an_idiom_is_known_by_its_function():
    assert len({Idiom(wrong, 2, False, None), Idiom(wrong, 2, False, None)}) == 1
