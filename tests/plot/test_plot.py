"""Figures: what is on the axes, what is saved, what is refused."""

import sys

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from tests.plot.pictures import shows

from wengert.optim import gradient_descent
from wengert.plot import contour_descent, loss_curve


@pytest.fixture(autouse=True)
def _no_windows():
    matplotlib.use("Agg")
    yield
    plt.close("all")


def bowl(x, y):
    return x**2 + 2 * y**2


def path(start, steps=5):
    return gradient_descent(lambda p: bowl(*p), start, rate=0.1, steps=steps)


def test_a_descent_is_drawn_point_by_point_over_contours(tmp_path):
    ways = [path((2.0, 1.0)), np.array(path((-1.0, 1.0), steps=3))]
    given = Figure().subplots()
    ax = contour_descent(bowl, ways, given)
    assert ax is given
    lines = [line.get_xydata() for line in ax.lines]
    np.testing.assert_array_equal(lines[0], ways[0])
    np.testing.assert_array_equal(lines[3], ways[1])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["5 steps", "3 steps"]
    assert all(ax.get_xlim()[0] < x < ax.get_xlim()[1] and ax.get_ylim()[0] < y < ax.get_ylim()[1] for way in ways for x, y in way)
    ax.figure.savefig(tmp_path / "descent.png")
    assert (tmp_path / "descent.png").read_bytes().startswith(b"\x89PNG")


def test_without_axes_a_new_figure_is_made():
    before = plt.get_fignums()
    ax = contour_descent(bowl, [path((2.0, 1.0))])
    assert plt.get_fignums() != before
    assert loss_curve([1.0, 0.5]).figure is not ax.figure


def test_names_and_ranges_are_taken():
    ax = contour_descent(bowl, [path((2.0, 1.0))], Figure().subplots(), names=["mine"], xlim=(-3, 3), ylim=(-2, 2), points=20)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3.0, 3.0), (-2.0, 2.0))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["mine"]


def test_no_path_leaves_the_map():
    ax = contour_descent(bowl, [], Figure().subplots())
    assert ax.get_xlim() == (-1.0, 1.0) and not ax.lines


def test_a_path_that_stands_still_or_leaves_the_numbers_is_drawn(tmp_path):
    ax = contour_descent(bowl, [[(1.0, 1.0)], [(0.0, 0.0), (np.nan, np.inf)]], Figure().subplots())
    ax.figure.savefig(tmp_path / "descent.png")
    assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()


@pytest.mark.parametrize("wrong", [[1.0, 2.0], [(1.0, 2.0, 3.0)], []])
def test_what_is_no_path_is_refused(wrong):
    with pytest.raises(ValueError, match="a path is a sequence of pairs"):
        contour_descent(bowl, [wrong], Figure().subplots())


def test_a_map_has_one_scale_for_both_axes_where_that_can_be_seen():
    assert contour_descent(bowl, [path((2.0, 1.0))], Figure().subplots()).get_aspect() == 1
    assert contour_descent(bowl, [], Figure().subplots(), xlim=(0, 100), ylim=(0, 1)).get_aspect() == "auto"


def test_the_colours_of_a_map_are_named_and_are_its_heights():
    ax = contour_descent(bowl, [], Figure(dpi=100).subplots(), label="height")
    assert ax.figure.axes[1].get_ylabel() == "height"
    assert shows(ax, bowl, np.random.default_rng(0))
    assert not shows(ax, lambda x, y: bowl(y, x), np.random.default_rng(0))


def test_paths_differ_in_colour_and_in_mark():
    lines = contour_descent(bowl, [path((k, 1.0)) for k in (1.0, 2.0, 3.0, 4.0)], Figure().subplots()).lines[::3]
    assert len({line.get_color() for line in lines}) == len({line.get_marker() for line in lines}) == 4


def test_names_must_be_as_many_as_paths():
    with pytest.raises(ValueError, match="zip"):
        contour_descent(bowl, [path((2.0, 1.0))], Figure().subplots(), names=["a", "b"])


def test_losses_are_drawn_over_steps(tmp_path):
    ax = loss_curve((10.0**-k for k in range(5)), Figure().subplots(), name="first")
    assert ax is loss_curve([2.0, 1.0], ax, name="second")
    np.testing.assert_allclose(ax.lines[0].get_ydata(), 10.0 ** -np.arange(5.0))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["first", "second"]
    ax.figure.savefig(tmp_path / "loss.png")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("losses", "scale"),
    [([1.0, 0.1], "log"), ([1.0, 0.0], "linear"), ([1.0, -1.0], "linear"), ([1.0, np.nan], "linear")],
)
def test_the_axis_is_logarithmic_where_it_can_be(losses, scale):
    assert loss_curve(losses, Figure().subplots()).get_yscale() == scale


def test_without_matplotlib_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'wengert\[plot\]'"):
        loss_curve([1.0])
