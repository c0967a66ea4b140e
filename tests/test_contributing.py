"""What CONTRIBUTING says of the repository is true of it."""

import re
from pathlib import Path

import pytest

import wengert as wg

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:src|tests|docs|scripts|\.ci)/[^`*\s]*)`", TEXT)))


@pytest.mark.parametrize("path", PATHS)
def test_what_it_points_to_is_there(path):
    assert (ROOT / path).exists()


def test_the_example_stands_where_it_says():
    (line,) = wg.coverage("numpy.hypot")
    named = re.search(r"It stands in `src/([^`]*)\.py`", TEXT)[1].replace("/", ".")
    assert line.where.split(":")[0] == named
    row = re.search(r"^elementwise\(np\.hypot, (.*)\)$", TEXT, re.MULTILINE)[1]
    source = (ROOT / "src" / f"{named.replace('.', '/')}.py").read_text(encoding="utf-8")
    declared = re.search(r"^elementwise\(np\.hypot, (.*?), +domain=.*\)$", source, re.MULTILINE)[1]
    assert re.sub(r"\s+", " ", declared).strip() == row


def test_every_part_of_the_package_is_in_the_map_or_the_layout():
    layout = (ROOT / "README.md").read_text(encoding="utf-8") + TEXT
    parts = {p.name for p in (ROOT / "src/wengert").iterdir() if not p.name.startswith("_") and p.suffix in ("", ".py")}
    assert not {p for p in parts - {"version.py"} if not re.search(rf"\b{re.escape(p)}\b", layout)}
