"""A function beside its model: the colours are the heights, on one scale; the difference has its own."""

import sys

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from tests.plot.pictures import rendered, shows

from wengert.plot import compare_surfaces
from wengert.plot.maps import levels_of, sampled


def hill(x, y):
    return x**3 - y**2


def model(x, y):
    return 0.8 * x**3 - y**2 + 0.3 * x


def test_each_map_has_the_colours_of_its_surface():
    given = Figure(figsize=(11, 3.6), layout="compressed")
    figure = compare_surfaces(hill, model, given, names=("hill", "model"))
    assert figure is given
    left, middle, right = figure.axes[:3]
    rng = np.random.default_rng(0)
    assert shows(left, hill, rng)
    assert shows(middle, model, rng)
    assert shows(right, lambda x, y: model(x, y) - hill(x, y), rng)
    assert not shows(left, model, rng)


def test_the_scale_is_one_for_both_and_that_of_the_difference_has_zero_in_its_middle():
    figure = compare_surfaces(hill, lambda x, y: 3 + 0 * x)
    left, middle, right = (next(c for c in ax.collections if hasattr(c, "levels")) for ax in figure.axes[:3])
    np.testing.assert_array_equal(left.levels, middle.levels)
    assert left.levels[0] <= -2 and left.levels[-1] >= 3
    np.testing.assert_allclose(right.levels, -right.levels[::-1], atol=1e-12)


def test_everything_is_named():
    figure = compare_surfaces(hill, model, names=("hill", "model"), xlim=(-2, 1), ylim=(0, 1))
    assert [ax.get_title() for ax in figure.axes[:3]] == ["hill", "model", "model less hill"]
    assert [ax.get_ylabel() for ax in figure.axes[3:]] == ["height", "difference in height"]
    assert {ax.get_xlabel() for ax in figure.axes[:3]} == {"x"} and figure.axes[0].get_ylabel() == "y"
    assert all(ax.get_aspect() == 1 for ax in figure.axes[:3])
    assert (figure.axes[0].get_xlim(), figure.axes[0].get_ylim()) == ((-2.0, 1.0), (0.0, 1.0))


def test_pyplot_does_not_know_of_it():
    before = plt.get_fignums()
    compare_surfaces(hill, model)
    assert plt.get_fignums() == before


@pytest.mark.parametrize(
    "strange",
    [
        lambda x, y: 1.0,
        lambda x, y: np.where(x > 0, hill(x, y), np.nan),
        lambda x, y: np.where(x > 0, hill(x, y), -np.inf),
        lambda x, y: np.full(x.shape, np.nan),
        lambda x, y: x > y,
    ],
)
def test_flat_broken_and_empty_surfaces_are_drawn(strange):
    assert rendered(compare_surfaces(strange, strange, points=20)).std() > 0


def test_the_grid_is_the_functions_values():
    X, Y, Z = sampled(hill, (-1, 1), (0, 3), 7)
    for i, j in np.ndindex(7, 7):
        x, y = -1 + 2 * j / 6, 3 * i / 6
        np.testing.assert_allclose((X[i, j], Y[i, j], Z[i, j]), (x, y, x**3 - y * y), atol=1e-15)


def test_levels_reach_from_the_lowest_to_the_highest():
    levels = levels_of(np.array([[0.3, np.nan]]), np.array([[np.inf, 7.9]]))
    assert levels[0] <= 0.3 and levels[-1] >= 7.9 and len(levels) < 15


def test_without_matplotlib_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'wengert\[plot\]'"):
        compare_surfaces(hill, model)
