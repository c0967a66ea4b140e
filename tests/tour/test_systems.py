"""The systems of the tour, against SymPy, mpmath, and derivatives written out a second time.

The tour compares its numbers with published ones and with differences. Here the published ones, and what is not
published, are computed by somebody else altogether.
"""

import mpmath
import numpy as np
import pytest
import sympy as sp
from matplotlib.figure import Figure as Canvas

import wengert as wg
from wengert.tour import SYSTEMS, Figure, Row, Text, arrays, layers, learning, modes, network, peers, pullbacks, tracked


@pytest.fixture(scope="module", params=SYSTEMS)
def items(request):
    return list(SYSTEMS[request.param].tour())


def test_every_row_agrees(items):
    rows = [item for item in items if isinstance(item, Row)]
    assert len(rows) >= 4
    assert [row for row in rows if not row.agrees] == []


def test_rows_are_of_one_kind_each(items):
    assert {type(item) for item in items} <= {Row, Text, Figure}
    names = [item.what for item in items if isinstance(item, Row)]
    assert len(set(names)) == len(names)


def exactly(expression, values):
    """An expression's value with 30 digits, as a float; floats are taken for exactly what they are."""
    return float(expression.evalf(30, subs={s: sp.Float(v, 40) for s, v in values.items()}))


def test_a_published_jacobian_is_the_symbolic_one():
    x1, x2, x3 = sp.symbols("x1 x2 x3")
    x8 = sp.exp(x1 * x2) + x1 * x2 * sp.sin(x3)
    results, at = (x8 / x3, x8 / x2), dict(zip((x1, x2, x3), pullbacks.POINT, strict=True))
    published = (pullbacks.OF_X9, pullbacks.OF_X10)
    y, pull = wg.vjp(pullbacks.seven_steps, *pullbacks.POINT)
    for k, (result, row) in enumerate(zip(results, published, strict=True)):
        exact = [exactly(sp.diff(result, x), at) for x in at]
        seed = [0.0, 0.0]
        seed[k] = 1.0
        np.testing.assert_allclose(y[k], exactly(result, at), rtol=1e-15)
        np.testing.assert_allclose(pull(tuple(seed)), exact, rtol=1e-15, atol=1e-20)
        np.testing.assert_allclose([float(v) for v in row], exact, rtol=2e-7, atol=1e-16)
        np.testing.assert_allclose(pullbacks.closed_form()[k], exact, rtol=1e-14, atol=1e-20)


def test_a_single_precision_stays_single():
    row = pullbacks.single_precision()
    assert {g.dtype for g in row} == {np.dtype(np.float32)}
    np.testing.assert_allclose(row[2], np.cos(np.float32(np.pi / 2)), rtol=1e-6)


def test_a_network_has_the_gradients_of_backpropagation_by_hand():
    p, (points, targets) = network.parameters(seed=3, sizes=(2, 7, 5, 1)), network.grid(12)
    z1 = points @ p["W1"] + p["b1"]
    h1 = z1 * (z1 > 0)
    z2 = h1 @ p["W2"] + p["b2"]
    h2 = z2 * (z2 > 0)
    error = h2 @ p["W3"] + p["b3"] - targets
    g3 = 2 * error / error.size
    g2 = (g3 @ p["W3"].T) * (z2 > 0)
    g1 = (g2 @ p["W2"].T) * (z1 > 0)
    known = {
        "W1": points.T @ g1,
        "b1": g1.sum(axis=0),
        "W2": h1.T @ g2,
        "b2": g2.sum(axis=0),
        "W3": h2.T @ g3,
        "b3": g3.sum(axis=0),
    }
    value, gradients = wg.value_and_grad(network.loss)(p, points, targets)
    np.testing.assert_allclose(value, np.mean(error**2), rtol=1e-14)
    assert gradients.keys() == known.keys()
    for name, g in known.items():
        np.testing.assert_allclose(gradients[name], g, rtol=1e-10, atol=1e-15, err_msg=name)


def test_a_network_starts_as_kaiming_says():
    p = network.parameters(seed=0)
    assert [w.shape for w in p.values()] == [(2, 100), (100,), (100, 100), (100,), (100, 1), (1,)]
    assert abs(np.var(p["W2"]) - 2 / 100) < 1e-3
    assert not any(np.any(p[f"b{k}"]) for k in (1, 2, 3))


def test_a_network_that_is_trained_answers_like_the_function():
    p = network.parameters(seed=0)
    trained = network.train(p, *network.grid(40))
    points, targets = network.grid(25)
    assert np.sqrt(np.mean((network.model(trained, points) - targets) ** 2)) < 0.1
    assert all(np.array_equal(p[name], w) for name, w in network.parameters(seed=0).items())


def test_b_the_published_step_is_wrong_and_ours_is_right():
    x, y = sp.symbols("x y")
    g, at = y * y + sp.sin(x), {x: 1.0, y: 1.0}
    right = [1 - 0.2 * exactly(sp.diff(g, s), at) for s in (x, y)]
    right.append(exactly(g, dict(zip((x, y), right, strict=True))))
    np.testing.assert_allclose([float(v) for v in tracked.RIGHT], right, rtol=1e-14)
    lost = tracked.step_with_a_dictionary(1.0, 1.0)
    np.testing.assert_allclose([float(v) for v in tracked.PRINTED], [*lost, tracked.g(lost)], rtol=1e-14)
    assert lost[1] != right[1]


@pytest.mark.parametrize(("start", "steps", "end"), tracked.DESCENTS)
def test_b_descents_end_where_they_do_with_30_digits(start, steps, end):
    with mpmath.workdps(30):
        x, y, rate = mpmath.mpf(start[0]), mpmath.mpf(start[1]), mpmath.mpf(2) / 10
        for _ in range(steps):
            x, y = x - rate * mpmath.cos(x), y - rate * 2 * y
    np.testing.assert_allclose(float(end[0]), float(x), rtol=1e-13)
    np.testing.assert_allclose(float(end[1]), float(y), rtol=1e-4)


def test_b_the_trees_show_no_gradient_before_and_each_after():
    before, after, second = list(tracked.trees())
    assert before.body.count("none yet") == 5 and "none yet" not in after.body
    assert after.body.startswith("x = 2.0") and "2.5838531634528574" in after.body.splitlines()[0]
    assert second.body.startswith("y = 3.0") and "2.0" in second.body.splitlines()[0].split("gradient")[1]
    assert "sin" not in second.body


def test_b_a_network_of_sigmoids_has_the_gradients_of_backpropagation_by_hand():
    rng = np.random.default_rng(4)
    p, (points, targets) = learning.untrained(rng), learning.data(rng, 9)
    np.testing.assert_allclose(targets[:, 0], points[:, 1] ** 2 + np.sin(points[:, 0]), rtol=1e-14)
    h = 1 / (1 + np.exp(-(points @ p["W"] + p["b"])))
    error = h @ p["v"] + p["c"] - targets
    g = 2 * error / len(points)
    before = (g @ p["v"].T) * h * (1 - h)
    known = {"W": points.T @ before, "b": before.sum(axis=0), "v": h.T @ g, "c": g.sum(axis=0)}
    value, gradients = wg.value_and_grad(learning.loss)(p, points, targets)
    np.testing.assert_allclose(value, np.mean(error**2), rtol=1e-14)
    for name, k in known.items():
        np.testing.assert_allclose(gradients[name], k, rtol=1e-10, atol=1e-14, err_msg=name)


def test_b_a_training_is_told_moment_by_moment():
    rng = np.random.default_rng(0)
    params, points = learning.untrained(rng), learning.data(rng, 64)
    moments = learning.train(params, *points)
    assert [step for step, _, _ in moments] == list(range(learning.STEPS + 1))
    assert moments[0][2] is params
    for _, loss, p in moments[::100]:
        np.testing.assert_allclose(learning.loss(p, *points), loss, rtol=1e-12)
    x, y = np.meshgrid([0.0, 1.0, 2.0], [-1.0, 1.0])
    answers = learning.surface(moments[-1][2])(x, y)
    assert answers.shape == (2, 3)
    np.testing.assert_allclose(answers, y**2 + np.sin(x), atol=0.4)


def test_the_pictures_show_what_the_tour_computed(tmp_path):
    figures = {item.name: item for item in SYSTEMS["b"].tour() if isinstance(item, Figure)}
    canvas = Canvas(figsize=(8, 4))
    lines = figures["descents.png"].draw(canvas).lines
    for (start, steps, end), line in zip(tracked.DESCENTS, lines[::3], strict=True):
        way = line.get_xydata()
        assert len(way) == steps + 1 and tuple(way[0]) == start
        np.testing.assert_allclose(way[-1], [float(v) for v in end], rtol=1e-4)
    canvas, steps = Canvas(figsize=(8, 3)), []
    figures["learning.gif"].draw(canvas).save(
        tmp_path / "l.gif", writer="pillow", dpi=30, progress_callback=lambda k, n: steps.append(canvas.axes[1].get_title())
    )
    assert (steps[0], steps[-1]) == ("network, step 0", f"network, step {learning.STEPS}")
    losses = canvas.axes[2].lines[0].get_ydata()
    assert len(losses) == len(steps) and losses[-1] < losses[0] / 500


def test_b_scalars_and_arrays_agree():
    rng = np.random.default_rng(5)
    X, Y = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    for a, b in zip(arrays.by_scalars(X, Y), arrays.by_arrays(X, Y), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)


def test_b_pullbacks_on_paper_are_those_of_differences():
    for name, (f, arguments, pullback) in arrays.functions(np.random.default_rng(2)).items():
        g = np.random.default_rng(3).normal(size=np.shape(f(*arguments)))
        for k, (a, paper) in enumerate(zip(arguments, pullback(g, *arguments), strict=True)):
            v = np.random.default_rng(4).normal(size=a.shape)
            ahead, behind = ([*arguments[:k], a + h * v, *arguments[k + 1 :]] for h in (1e-6, -1e-6))
            slope = np.sum(g * (f(*ahead) - f(*behind))) / 2e-6
            np.testing.assert_allclose(np.sum(paper * v), slope, rtol=1e-6, err_msg=f"{name}, argument {k}")


@pytest.mark.parametrize(
    ("f", "point", "value", "gradient"),
    [
        (tracked.f, (2.0, 3.0), tracked.VALUE, tracked.GRADIENT),
        (modes.f, modes.POINT, modes.VALUE, modes.GRADIENT),
        (layers.f, (2.0, 3.0), layers.VALUE, layers.GRADIENT),
    ],
)
def test_published_values_and_gradients_are_the_symbolic_ones(f, point, value, gradient):
    x, y = sp.symbols("x y")
    expressions = {
        tracked.f: x * y + sp.sin(x),
        modes.f: sp.exp(x) - x * y + sp.cos(y),
        layers.f: 2 * y * x**2 + x * y + 3,
    }
    at = dict(zip((x, y), point, strict=True))
    exact = [exactly(e, at) for e in (expressions[f], *(sp.diff(expressions[f], s) for s in (x, y)))]
    np.testing.assert_allclose([float(value), *map(float, gradient)], exact, rtol=1e-15)
    ours, slopes = wg.value_and_grad(f, argnums=(0, 1))(*point)
    np.testing.assert_allclose([ours, *slopes], exact, rtol=1e-15)


def test_d_training_ends_at_a_hundredth_or_at_its_last_step():
    rng = np.random.default_rng(1)
    start, (points, targets) = layers.untrained(rng), layers.data(rng, 64)
    trained, losses = layers.train(start, points, targets)
    assert losses[-1] <= losses[0] / 100 < losses[-2]
    np.testing.assert_allclose(layers.loss(trained, points, targets), losses[-1], rtol=1e-12)
    assert len(layers.train(start, points, targets, most=3)[1]) == 3


def test_a_peer_that_is_missing_or_broken_is_named_and_no_disagreement(monkeypatch):
    def broken(f, *args):
        raise ImportError("half of it is missing")

    monkeypatch.setattr(peers, "PEERS", {"Absent": ("no_such_module", broken), "Broken": ("math", broken)})
    (note,) = peers.compared("x", modes.f, modes.POINT, (0.0, (0.0, 0.0)), ("Absent", "Broken"))
    assert isinstance(note, Text)
    assert "Absent is not installed." in note.body and "half of it is missing" in note.body


def test_a_peer_with_other_numbers_disagrees(monkeypatch):
    monkeypatch.setattr(peers, "PEERS", {"Liar": ("math", lambda f, *args: (f(*args), (1.0, 2.0), 0.1))})
    (row,) = peers.compared("x", modes.f, modes.POINT, (modes.f(*modes.POINT), modes.by_hand(*modes.POINT)), ("Liar",))
    assert isinstance(row, Row) and not row.agrees and row.source == "Liar"


@pytest.mark.parametrize("name", peers.PEERS)
def test_peers_that_are_installed_agree(name):
    pytest.importorskip(peers.PEERS[name][0])
    value, gradient = wg.value_and_grad(modes.f, argnums=(0, 1))(*modes.POINT)
    (row,) = peers.compared("x", modes.f, modes.POINT, (value, gradient), (name,))
    assert isinstance(row, Row) and row.agrees
