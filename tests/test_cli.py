"""The command `wengert`: through Typer's runner, and as a person runs it."""

import importlib
import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from PIL import Image
from rich.console import Console
from typer.testing import CliRunner

import wengert as wg
from wengert import cli
from wengert.tour import SYSTEMS, Figure, Row, System, Text


@pytest.fixture
def invoke():
    return lambda *arguments: CliRunner().invoke(cli.app(), arguments)


@pytest.fixture
def small(monkeypatch):
    """Systems that take no time: `a` agrees, `b` does not."""

    def right(watch):
        yield Row.of("one", "1", 1.0, "paper")
        yield Text("A tree", "x\n└─ y [bold]")
        yield Figure("line.png", "a line", lambda figure: figure.subplots().plot([1, 2]))
        yield Figure("moving.gif", "a line that moves", moving, size=(2, 1))

    def wrong(watch):
        for k in watch(range(3), "counting"):
            yield Row.of(f"row {k}", "1", 1.0 + (k == 1), "paper")

    for letter, part in (("a", right), ("b", wrong)):
        monkeypatch.setitem(SYSTEMS, letter, System(letter, (part,)))


def moving(figure):
    (line,) = figure.subplots().plot([0, 3], [0, 2])
    return FuncAnimation(figure, lambda k: line.set_data([0, k], [0, 2]), range(4))


def run(*command, **options):
    return subprocess.run([sys.executable, "-W", "error", *command], capture_output=True, encoding="utf-8", check=False, **options)


def test_the_whole_tour_agrees_and_draws(tmp_path):
    """As a person runs it; each published number is on the page."""
    tour = run("-m", "wengert", "tour", "--out", str(tmp_path / "new" / "figures"))
    assert tour.returncode == 0, tour.stdout + tour.stderr
    for number in (
        *("5.9772587", "4.694528", "10.681277", "5.3406386", "-3.8052409", "8.3890562", "1.8472641", "-4.4e-8"),
        *("6.909297426825682", "2.5838531634528574", "0.891939538826372", "1.4182910542267546", "1.1382910542267546"),
        *("-1.5093926577856644", "3.9584455543395447", "-6.876e-8", "-6.7707e-4"),
        *("-1.2645875219329614", "3.3890560989306504", "-1.2431975046920718"),
        *("33", "27", "10"),
    ):
        assert number in tour.stdout, number
    assert " NO " not in tour.stdout
    assert tour.stdout.rstrip().splitlines()[-1].endswith("rows agree.")
    frames = {"descents.gif": 35, "descents.png": 1, "learning.gif": 38, "loss.png": 1, "network.png": 1}
    assert {path.name for path in (tmp_path / "new" / "figures").iterdir()} == frames.keys()
    for name, count in frames.items():
        path = tmp_path / "new" / "figures" / name
        assert f"Drawn: {path}, " in tour.stdout
        with Image.open(path) as picture:
            picture.load()
            assert picture.format.lower() == path.suffix[1:]
            assert getattr(picture, "n_frames", 1) >= count


def test_a_row_that_disagrees_is_named_and_ends_with_1(small, invoke):
    result = invoke("tour", "--only", "a,b")
    assert result.exit_code == 1
    assert "1 of 4 rows disagree: b: row 1" in result.output
    assert " NO " in result.output


def test_only_the_systems_asked_for_run_in_their_order(small, invoke):
    result = invoke("tour", "--only", " A ,")
    assert result.exit_code == 0
    assert "All 1 rows agree." in result.output and "row 1" not in result.output
    assert cli.chosen("d,b,b") == ["b", "d"]


@pytest.mark.parametrize("only", ["e", "a,e", "", "ab"])
def test_a_system_that_does_not_exist_is_refused(only, invoke):
    result = invoke("tour", "--only", only)
    assert result.exit_code == 2
    assert "the systems are a, b, c, d" in " ".join(result.output.split())


def test_texts_are_printed_as_they_are(small, invoke):
    assert "x\n└─ y [bold]" in invoke("tour", "--only", "a").output


def test_a_tree_is_printed_where_branches_cannot_be():
    ascii_only = run("-m", "wengert", "tour", "--only", "b", env={**environment(), "PYTHONIOENCODING": "ascii"})
    assert ascii_only.returncode == 0, ascii_only.stderr
    assert "gradient: none yet" in ascii_only.stdout


def environment():
    return {name: value for name, value in importlib.import_module("os").environ.items() if name != "PYTHONUTF8"}


def test_figures_are_drawn_where_asked(small, invoke, tmp_path):
    result = invoke("tour", "--only", "a", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "line.png") as still, Image.open(tmp_path / "moving.gif") as gif:
        assert (still.format, gif.format, gif.n_frames, gif.size) == ("PNG", "GIF", 4, (200, 100))
    assert f"Drawn: {tmp_path / 'line.png'}, a line\nDrawn: {tmp_path / 'moving.gif'}, a line that moves\n" in result.output
    assert "Drawn: nothing" in invoke("tour", "--only", "b", "--out", str(tmp_path)).output


def test_a_file_is_no_folder(small, invoke, tmp_path):
    (tmp_path / "file").touch()
    for where in (tmp_path / "file", tmp_path / "file" / "under"):
        assert invoke("tour", "--only", "a", "--out", str(where)).exit_code == 2


def test_without_matplotlib_figures_are_refused_before_the_work(small, invoke, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = invoke("tour", "--only", "a", "--out", str(tmp_path / "figures"))
    assert result.exit_code == 2
    assert "pip install 'wengert[plot]'" in " ".join(result.output.replace("│", " ").split())
    assert "rows agree" not in result.output and not (tmp_path / "figures").exists()
    assert invoke("tour", "--only", "a").exit_code == 0


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_its_extra_the_command_says_what_to_install(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SystemExit, match=r"pip install 'wengert\[cli\]'"):
        cli.main()


def test_the_version_is_printed(invoke):
    assert invoke("--version").output.strip() == wg.__version__
    assert run("-m", "wengert", "--version").stdout.strip() == wg.__version__


def test_long_work_shows_a_bar_only_where_somebody_watches(small):
    for terminal in (True, False):
        page = io.StringIO()
        console = Console(file=page, force_terminal=terminal, width=80)
        rows, _, _ = cli.collect(SYSTEMS["b"], console)
        assert len(rows) == 3
        assert ("counting" in page.getvalue()) == terminal


def test_drawing_shows_a_bar_only_where_somebody_watches(small, tmp_path):
    for terminal in (True, False):
        page = io.StringIO()
        console = Console(file=page, force_terminal=terminal, width=80)
        _, _, figures = cli.collect(SYSTEMS["a"], console)
        cli.draw_all(figures, tmp_path, console)
        assert ("drawing moving.gif" in page.getvalue()) == ("drawing line.png" in page.getvalue()) == terminal


def test_importing_the_command_imports_no_option():
    loaded = run("-c", "import sys, wengert.cli, wengert.__main__; print(*sys.modules)").stdout.split()
    assert "wengert.tour" in loaded
    assert not {"typer", "rich", "matplotlib", "jax", "torch", "tensorflow"} & set(loaded)


def test_coverage_is_printed_for_the_names_asked_for(invoke):
    result = invoke("coverage", "numpy.linalg", "numpy.sin")
    assert result.exit_code == 0
    assert result.output == f"{wg.coverage('numpy.linalg', 'numpy.sin')}\n"


def test_coverage_knows_scipy_where_it_is_installed(monkeypatch):
    command = ("-m", "wengert", "coverage")
    assert "scipy.special.erf  elementwise" in run(*command, "scipy.special.erf").stdout
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    assert cli.scipy_version() is None
    assert f"with NumPy {np.__version__}.\n" in cli.page("table", None)


def test_a_name_without_functions_is_refused(invoke):
    result = invoke("coverage", "numpy.lineal")
    assert result.exit_code == 2
    assert "no function is called numpy.lineal" in " ".join(result.output.replace("│", " ").split())


def test_coverage_makes_a_page(invoke):
    page = invoke("coverage", "numpy.linalg.inv", "--markdown").output
    assert page.startswith("# What is differentiated\n") and page.endswith("|\n")
    assert "| `numpy.linalg.inv` | pair | both | any | stacked | wengert.rules.numpy.linalg.solutions |  |\n" in page


def test_durations_have_the_unit_that_suits_them():
    assert [cli.duration(s) for s in (2.5, 0.25, 0.00025, 2.5e-7, None)] == ["2.5 s", "250 ms", "250 us", "0.25 us", ""]


def test_a_system_that_fails_is_not_hidden(invoke, monkeypatch):
    def fails(watch):
        yield Row.of("x", "1", 1.0, "paper")
        raise ZeroDivisionError(str(np.float64(1.0)))

    monkeypatch.setitem(SYSTEMS, "a", System("a", (fails,)))
    assert isinstance(invoke("tour", "--only", "a").exception, ZeroDivisionError)
