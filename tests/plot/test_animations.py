"""Animations: each frame shows what was known at its step, and a GIF holds them all."""

import sys

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from tests.plot.pictures import frames_of, pictures_in, shows

from wengert.optim import gradient_descent
from wengert.plot import descent_animation, training_animation
from wengert.plot.training import decades


def bowl(x, y):
    return x**2 + 2 * y**2


WAYS = [np.array(gradient_descent(lambda p: bowl(*p), start, 0.1, n)) for start, n in (((2.0, 1.0), 6), ((-1.0, 1.0), 3))]


def test_a_frame_shows_each_descent_up_to_its_step(tmp_path):
    figure = Figure(figsize=(4, 3), layout="constrained")
    animation = descent_animation(bowl, WAYS, figure, hold=2)
    (ax, _) = figure.axes
    frames = frames_of(animation, tmp_path / "d.gif", lambda: [line.get_xydata() for line in ax.lines])
    assert len(frames) == 7 + 2
    for k, lines in enumerate(frames):
        for way, path, start, end in zip(WAYS, lines[::3], lines[1::3], lines[2::3], strict=True):
            np.testing.assert_array_equal(path, way[: k + 1])
            np.testing.assert_array_equal(start, way[:1])
            np.testing.assert_array_equal(end, way[min(k, len(way) - 1)][None])


def test_a_descents_gif_holds_its_last_picture(tmp_path):
    frames_of(descent_animation(bowl, WAYS, hold=3), tmp_path / "d.gif", lambda: None)
    assert pictures_in(tmp_path / "d.gif") == (7, 1000)  # four times the same are one, four times as long


def test_only_the_descents_move(tmp_path):
    figure = Figure(figsize=(4, 3), layout="constrained")
    animation = descent_animation(bowl, WAYS, figure, hold=0, names=["one", "two"], label="height")
    ax, bar = figure.axes

    def still():
        return (*ax.get_position().bounds, *ax.get_legend().get_window_extent().bounds, *ax.get_xlim(), *ax.get_ylim())

    frames = frames_of(animation, tmp_path / "d.gif", still)
    np.testing.assert_allclose(frames, np.broadcast_to(frames[0], np.shape(frames)))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]
    assert bar.get_ylabel() == "height" and ax.get_title() == "step 6 of 6"


def test_no_descent_is_one_frame(tmp_path):
    assert len(frames_of(descent_animation(bowl, [], hold=0), tmp_path / "d.gif", lambda: None)) == 1


def test_what_is_no_path_is_refused():
    with pytest.raises(ValueError, match="a path is a sequence of pairs"):
        descent_animation(bowl, [[1.0, 2.0]])


def half_way(k):
    return lambda x, y: (1 - 0.5 ** (k + 1)) * bowl(x, y)


def training(pulled, n=5):
    for k in range(n):
        pulled.append(k)
        yield 10 * k, 0.25**k, half_way(k)


def test_a_model_is_drawn_while_it_is_trained(tmp_path):
    figure, pulled = Figure(figsize=(9, 3), layout="compressed"), []
    animation = training_animation(bowl, training(pulled), figure, names=("bowl", "model"), points=80)
    assert not pulled  # nothing is trained before somebody looks
    left, middle, right = figure.axes[:3]

    def look():
        k = len(right.lines[0].get_xdata()) - 1
        assert pulled == list(range(k + 1))
        rng = np.random.default_rng(k)
        return right.lines[0].get_xydata(), middle.get_title(), shows(left, bowl, rng), shows(middle, half_way(k), rng)

    frames = frames_of(animation, tmp_path / "t.gif", look)
    assert len(frames) == 5
    for k, (curve, title, target, answer) in enumerate(frames):
        np.testing.assert_array_equal(curve, [(10 * j, 0.25**j) for j in range(k + 1)])
        assert title == f"model, step {10 * k}"
        assert target and answer
    assert pictures_in(tmp_path / "t.gif") == (5, 500)


def test_an_animation_can_be_saved_again(tmp_path):
    figure, pulled = Figure(figsize=(4, 2)), []
    animation = training_animation(bowl, training(pulled), figure, points=10)
    one, two = (
        frames_of(animation, tmp_path / f"{k}.gif", lambda: figure.axes[2].lines[0].get_xydata().tolist()) for k in range(2)
    )
    assert one == two and len(one) == 5
    assert pulled == list(range(5))
    assert (tmp_path / "0.gif").read_bytes() == (tmp_path / "1.gif").read_bytes()


def test_the_axes_of_a_training_stand_still(tmp_path):
    figure = Figure(figsize=(9, 3), layout="compressed")
    animation = training_animation(bowl, list(training([])), figure, steps=100, points=10)
    frames = frames_of(animation, tmp_path / "t.gif", lambda: np.array([ax.get_position().bounds for ax in figure.axes]))
    np.testing.assert_array_equal(frames, np.broadcast_to(frames[0], np.shape(frames)))
    assert figure.axes[2].get_xlim() == (0.0, 100.0)
    assert figure.axes[2].get_ylim() == (1e-3, 1.0)


def test_a_training_that_fails_is_drawn_as_it_is(tmp_path):
    frames = [
        (0, np.nan, lambda x, y: np.nan * x),
        (1, np.inf, lambda x, y: 1e300 * x),
        (2, -1.0, lambda x, y: 0.0),
        (3, 2.0, bowl),
    ]
    figure = Figure(figsize=(4, 2))
    animation = training_animation(bowl, frames, figure, points=10)
    assert len(frames_of(animation, tmp_path / "t.gif", lambda: None)) == 4
    assert len(figure.axes[2].lines[0].get_xdata()) == 4


@pytest.mark.parametrize(
    ("losses", "ends"), [([5.0, 0.02], (0.01, 10)), ([1.0], (1, 10)), ([0.0, -1.0, np.nan], (0.1, 1)), ([3.0, 0.0], (1, 10))]
)
def test_the_axis_of_losses_ends_at_powers_of_ten(losses, ends):
    np.testing.assert_allclose(decades(np.array(losses)), ends)


def test_pyplot_does_not_know_of_animations(tmp_path):
    before = plt.get_fignums()
    frames_of(descent_animation(bowl, WAYS), tmp_path / "d.gif", lambda: None)
    frames_of(training_animation(bowl, training([]), points=10), tmp_path / "t.gif", lambda: None)
    assert plt.get_fignums() == before


@pytest.mark.parametrize("animate", [lambda: descent_animation(bowl, WAYS), lambda: training_animation(bowl, [])])
def test_without_matplotlib_the_message_says_what_to_install(animate, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'wengert\[plot\]'"):
        animate()
