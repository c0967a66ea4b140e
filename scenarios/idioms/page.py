"""The page docs/what-works.md: a table for each category, a row for each idiom.

page({idiom: verdict(idiom.f, idiom.order) for category in categories() for idiom in category.idioms})
"""

import platform
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import scipy

from scenarios.idioms import INSTEAD, Category, Idiom, categories, title
from scenarios.idioms.verdict import Verdict

AGAIN = "python -m scenarios.idioms > docs/what-works.md"
PAGE = Path(__file__).parent.parent.parent / "docs" / "what-works.md"
HEAD = """\
# What works, and what is loud

Programs of a few lines, as people write them, each of which was run to make this page: its value, its reverse gradient, its
forward derivative, and the second derivatives of both in both modes. Its verdict is

- **works**: all agree with differences of the plain program;
- **loud**: there is an error that names the line. What it says is beside it, and what to write instead, which was run as well.

There is no third: what is neither fails the tests. Made by `{again}`,
with {versions}.
{counts}
"""
TABLE = ["| idiom | verdict | what the error says, and what to write instead |", "| --- | --- | --- |"]


def page(verdicts: Mapping[Idiom, Verdict]) -> str:
    """The whole page."""
    states = Counter(verdicts[i].state for category in categories() for i in shown(category))
    counts = f"\n{states.total()} idioms: {states['works']} work, {states['loud']} are loud."
    return "\n".join([HEAD.format(again=AGAIN, versions=versions(), counts=counts), *(section(c, verdicts) for c in categories())])


def versions() -> str:
    python = ".".join(platform.python_version_tuple()[:2])
    return f"Python {python}, NumPy {np.__version__} and SciPy {scipy.__version__}"


def section(category: Category, verdicts: Mapping[Idiom, Verdict]) -> str:
    """The heading, a sentence with the way to the source, and the table of one category."""
    file = Path(category.module.__file__ or "").name
    rest = title(category.module).partition(": ")[2]
    about = f"{rest[:1].upper()}{rest[1:]} " if rest else ""
    rows = [row(idiom, verdicts[idiom]) for idiom in shown(category)]
    return "\n".join([f"## {category.title}", "", f"{about}[The code](../scenarios/idioms/{file}).", "", *TABLE, *rows, ""])


def shown(category: Category) -> list[Idiom]:
    """The idioms that have a row; what to write instead of one has none."""
    return [idiom for idiom in category.idioms if not idiom.f.__name__.endswith(INSTEAD)]


def row(idiom: Idiom, found: Verdict) -> str:
    instead = f" Instead: {title(idiom.instead)}." if idiom.instead and found.state == "loud" else ""
    says = f"“{found.says}.”{instead}" if found.says else ""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (idiom.title, found.state, says)) + " |"
