"""Define-by-run: track, backward, Tape, print_tree."""

import gc
import io
import threading
import tracemalloc

import numpy as np
import pytest

import wengert as wg
from wengert.errors import ConsumedError, InputError, OutputError, StructureError, TraceError


def test_backward_gives_the_gradients_of_the_tutorial():
    x, y = wg.track(2.0, name="x"), wg.track(3.0, name="y")
    z = x * y + np.sin(x)
    z.backward()
    assert z.value == 2 * 3 + np.sin(2.0)
    assert x.grad == pytest.approx(3 + np.cos(2.0), rel=1e-15)
    assert y.grad == 2.0
    assert type(x.grad) is np.float64


def test_gradients_are_none_before_a_sweep_and_reach_held_intermediates():
    x = wg.track(np.array([1.0, 2.0]))
    y = x * x
    assert x.grad is None
    np.sum(3.0 * y).backward()
    assert np.array_equal(y.grad, [3.0, 3.0])
    assert np.array_equal(x.grad, [6.0, 12.0])


def test_a_second_sweep_needs_retain():
    x = wg.track(3.0)
    y = x * x
    y.backward(retain=True)
    y.backward()
    with pytest.raises(ConsumedError, match="consumed by an earlier sweep"):
        y.backward()
    with pytest.raises(ConsumedError):
        y * 2.0  # what was made of a consumed value could not be swept
    assert y.value == 9.0
    assert x.grad == 6.0


def test_a_sweep_replaces_gradients_unless_it_accumulates():
    x = wg.track(3.0)
    (x * x).backward()
    (x * 5.0).backward()
    assert x.grad == 5.0
    (x * x).backward(accumulate=True)
    assert x.grad == 11.0


def test_two_results_of_one_graph_are_swept_one_after_the_other():
    x = wg.track(2.0)
    y, z = x * x, x * x * x
    y.backward()
    assert x.grad == 4.0
    z.backward()
    assert x.grad == 12.0


def test_what_shares_a_consumed_part_is_refused():
    x = wg.track(2.0)
    shared = np.exp(x)
    y, z = shared * 2.0, shared * 3.0
    y.backward()
    with pytest.raises(ConsumedError):
        z.backward()


def test_arrays_need_a_seed_of_their_shape():
    x = wg.track(np.arange(3.0))
    y = x * x
    with pytest.raises(OutputError, match="needs a seed"):
        y.backward()
    with pytest.raises(StructureError, match="shape"):
        y.backward(np.ones(2))
    y.backward(np.array([1.0, 10.0, 100.0]))
    assert np.array_equal(x.grad, [0.0, 20.0, 400.0])


def test_views_have_gradients_of_their_own():
    x = wg.track(np.arange(4.0))
    v = x[1:3]
    np.sum(v * v).backward()
    assert np.array_equal(x.grad, [0.0, 2.0, 4.0, 0.0])
    assert np.array_equal(v.grad, [2.0, 4.0])


def test_gradients_are_fresh_and_writable():
    x = wg.track(np.ones(3))
    y = wg.track(np.ones(3))
    np.sum(x + y).backward()
    x.grad[0] = 7.0
    assert np.array_equal(y.grad, np.ones(3))


def test_in_place_steps_on_a_parameter_descend():
    w = wg.track(np.ones(3))
    losses = []
    for _ in range(200):
        loss = np.sum((w * w - 2.0) ** 2)
        loss.backward()
        losses.append(loss.value)
        w -= 0.02 * w.grad
    assert np.allclose(w.value, np.sqrt(2.0), atol=1e-8)
    assert losses[-1] < 1e-12 < losses[0]


def test_a_long_loop_holds_one_step():
    w = wg.track(np.ones(100))

    def step():
        loss = np.sum((w * w - 2.0) ** 2)
        loss.backward()
        return np.sum(w)  # held by the caller, never swept

    metric = step()
    tape = w._trace
    sizes = set()
    for _ in range(50):
        metric = step()
        sizes.add(len(tape.nodes))
    assert metric is not None
    assert max(sizes) <= 4


def test_memory_stays_flat_over_new_parameters_without_the_garbage_collector():
    def loop(n):
        w = wg.track(np.full(1000, 1.0))
        for _ in range(n):
            np.sum(w * w).backward()
            w = wg.track(w.value - 0.1 * w.grad)

    gc.disable()
    try:
        loop(5)
        tracemalloc.start()
        loop(5)
        before = tracemalloc.get_traced_memory()[0]
        loop(200)
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert after - before < 50_000


def test_tape_has_several_targets_seeds_and_sources():
    with wg.Tape() as tape:
        a = tape.watch(2.0)
        b = a * a
        c = b * a
    assert tape.gradient(c, [a, b], retain=True) == [12.0, 2.0]
    assert tape.gradient([b, c], a, retain=True) == 16.0
    assert tape.gradient({"b": b, "c": c}, (a,), seeds={"b": 10.0, "c": 1.0}, retain=True) == (52.0,)
    assert tape.gradient(c, {"a": a}) == {"a": 12.0}
    with pytest.raises(ConsumedError):
        tape.gradient(c, a)


def test_unconnected_sources_have_zero_gradient():
    with wg.Tape() as tape:
        a, b = tape.watch(2.0), tape.watch(np.ones(3))
        c = a * a
    gradients = tape.gradient(c, [a, b])
    assert gradients[0] == 4.0
    assert np.array_equal(gradients[1], np.zeros(3))


def test_gradient_refuses_strangers():
    with wg.Tape() as tape:
        a = tape.watch(2.0)
        c = a * a
    with pytest.raises(InputError, match="no value of this tape"):
        tape.gradient(c, 3.0)
    with pytest.raises(InputError, match="no value of this tape"):
        tape.gradient(c, wg.track(3.0))
    with pytest.raises(StructureError, match="seeds"):
        tape.gradient([c], a, seeds=[1.0, 2.0])


def test_track_joins_the_tape_in_force():
    with wg.Tape() as tape:
        x = wg.track(3.0)
    assert x._trace is tape
    assert wg.track(3.0)._trace is not tape


def test_containers_are_tracked_leaf_by_leaf():
    p = wg.track({"w": np.ones(2), "b": 1.0, "layers": 3}, name="p")
    (np.sum(p["w"]) * p["b"]).backward()
    assert np.array_equal(p["w"].grad, [1.0, 1.0])
    assert p["b"].grad == 2.0
    assert p["layers"] == 3
    assert p["w"].name == "p['w']"


def test_nested_tapes_give_second_derivatives():
    with wg.Tape() as outer:
        x = outer.watch(3.0)
        with wg.Tape() as inner:
            y = inner.watch(x)
            z = y**3
        slope = inner.gradient(z, y)
    assert slope.value == 27.0
    assert outer.gradient(slope, x) == 18.0


def test_tracked_values_pass_through_grad():
    x = wg.track(2.0)
    wg.grad(lambda y: y**3 * x)(x).backward()
    assert x.grad == pytest.approx(9 * 2.0**2)  # d/dx 3 x^2 x


def test_tracking_inside_grad_stays_inside():
    def f(x):
        inner = wg.track(x)
        y = inner * inner
        y.backward()
        return inner.grad * x  # 2 x^2

    assert wg.grad(f)(3.0) == pytest.approx(12.0)


def test_backward_is_refused_inside_grad():
    with pytest.raises(TraceError, match="wg.track"):
        wg.grad(lambda x: (x * x).backward())(1.0)


def test_integers_are_floats_and_strings_are_refused():
    assert wg.track(2).value == 2.0
    with pytest.raises(InputError, match="string"):
        wg.track("2")
    with pytest.raises(InputError, match="astype"):
        wg.track(np.arange(3))


def test_threads_have_tapes_of_their_own():
    found = []

    def work(k):
        x = wg.track(float(k))
        for _ in range(50):
            (x * x).backward()
        found.append((k, x.grad))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(k, 2.0 * k) for k in range(8)]


def printed(x):
    file = io.StringIO()
    wg.print_tree(x, file)
    return file.getvalue().splitlines()


def test_print_tree_shows_children_values_names_and_gradients():
    x, y = wg.track(2.0, name="x"), wg.track(3.0, name="y")
    z = x * y + np.sin(x)
    z.name = "z"
    assert printed(x) == [
        "x = 2.0   gradient: none yet",
        "├─ multiply(x, y) = 6.0   gradient: none yet",
        "│  └─ z = add(·, ·) = 6.909297426825682   gradient: none yet",
        "└─ sin(x) = 0.9092974268256817   gradient: none yet",
        "   └─ z = add(·, ·) = 6.909297426825682   gradient: none yet",
    ]
    z.backward(retain=True)
    assert printed(y) == [
        "y = 3.0   gradient: 2.0",
        "└─ multiply(x, y) = 6.0   gradient: 1.0",
        "   └─ z = add(·, ·) = 6.909297426825682   gradient: 1.0",
    ]
    assert [t.value for t in x.children] == [6.0, np.sin(2.0)]


def test_print_tree_of_a_square_has_both_edges_in_one_child():
    y = wg.track(3.0, name="y")
    square = y * y
    square.backward(retain=True)
    assert y.grad == 6.0
    assert printed(y) == ["y = 3.0   gradient: 6.0", "└─ multiply(y, y) = 9.0   gradient: 1.0"]


def test_print_tree_of_a_deep_graph_does_not_recurse():
    x = wg.track(1.0)
    y = x
    for _ in range(3000):
        y = y * 1.0
    assert len(printed(x)) == 3001


def test_a_repeated_branch_is_expanded_once():
    x = wg.track(1.0)
    y = x
    for _ in range(40):
        y = y + y * 0.5
    assert len(printed(x)) < 200
