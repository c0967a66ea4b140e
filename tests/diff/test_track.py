"""Define-by-run: track, backward, Tape, print_tree."""

import gc
import io
import sys
import threading
import tracemalloc

import numpy as np
import pytest

import wengert as wg
from wengert.errors import ConsumedError, InputError, OutputError, StructureError, TraceError, WriteError


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


def test_complex_numbers_need_a_seed():
    x = wg.track(1.0 + 2.0j)
    y = x * x
    with pytest.raises(OutputError, match="holomorphic"):
        y.backward()
    with pytest.raises(OutputError, match="holomorphic"):
        x._trace.gradient(y, x)
    y.backward(1.0)
    assert x.grad == 2.0 * (1.0 + 2.0j)


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


def test_no_two_gradients_share_memory():
    t = wg.track(np.array([1.0, 2.0]))
    y = t + 1.0
    np.sum(y * y).backward()
    y.grad *= 0.0
    assert np.array_equal(t.grad, [4.0, 6.0])


@pytest.mark.parametrize("retain", [False, True])
def test_no_two_gradients_that_a_tape_gives_share_memory(retain):
    with wg.Tape() as tape:
        t = tape.watch(np.array([1.0, 2.0]))
        y = t + 1.0
        v = y[:1]
        z = np.sum(y * y)
    gradients = tape.gradient(z, [y, t, y, v], retain=retain)
    for k, g in enumerate(gradients):
        g *= 0.0
        assert all(np.any(h) for h in gradients[k + 1 :])


def test_gradients_of_values_that_nobody_holds_are_no_others_memory():
    t = wg.track(np.array([1.0, 2.0]))
    z = np.sum((t + 1.0) * np.array([3.0, 4.0]))
    z.backward(retain=True)
    t.grad *= 0.0
    assert np.array_equal(t.children[0].grad, [3.0, 4.0])


# --- writes into inputs: an input is what it holds --------------------------------------------------------------------------


def subtract(w):
    w -= 0.02 * w.grad


def overwrite(w):
    w[...] = w.value - 0.02 * w.grad


def element_by_element(w):
    for k in range(3):
        w[k] -= 0.02 * w.grad[k]


def through_a_view(w):
    w[::-1][...] = (w.value - 0.02 * w.grad)[::-1]


def add_at(w):
    np.add.at(w, np.arange(3), -0.02 * w.grad)


def into_out(w):
    np.subtract(w, 0.02 * w.grad, out=w)


@pytest.mark.parametrize("update", [subtract, overwrite, element_by_element, through_a_view, add_at, into_out])
def test_in_place_steps_on_a_parameter_descend(update):
    w = wg.track(np.ones(3))
    losses = []
    for _ in range(200):
        loss = np.sum((w * w - 2.0) ** 2)
        loss.backward()
        assert np.allclose(w.grad, 4.0 * w.value * (w.value**2 - 2.0), rtol=1e-14)
        losses.append(loss.value)
        update(w)
    assert np.allclose(w.value, np.sqrt(2.0), atol=1e-8)
    assert losses[-1] < 1e-12 < losses[0]
    assert len(w._trace.nodes) <= 100


def test_several_updates_follow_one_sweep():
    w = wg.track(np.array([3.0, 4.0]))
    np.sum(w * w).backward()
    w *= 0.9
    w -= 0.1 * w.grad
    w /= np.sqrt(np.sum(w * w))
    assert np.allclose(np.sum(w.value**2), 1.0)
    np.sum(w * w).backward()
    assert np.array_equal(w.grad, 2.0 * w.value)


def test_an_input_that_is_written_before_any_sweep_begins_anew():
    w = wg.track(np.array([1.0, 2.0]))
    w[0] = 5.0
    np.sum(w * w).backward()
    assert np.array_equal(w.grad, [10.0, 4.0])


def test_held_views_of_an_input_follow_it_to_its_new_content():
    w = wg.track(np.array([1.0, 2.0, 3.0]))
    v = w[1:]
    v[...] = 7.0
    w[0] = 5.0
    (np.sum(v * v) + np.sum(w)).backward()
    assert np.array_equal(w.grad, [1.0, 15.0, 15.0])
    assert np.array_equal(v.grad, [15.0, 15.0])


def test_what_was_computed_from_content_that_is_gone_refuses_to_be_swept():
    w = wg.track(np.ones(2))
    loss, other = np.sum(w * w), np.sum(w * 3.0)
    loss.backward(retain=True)
    w -= 0.1 * w.grad
    for unswept in (loss, other):
        with pytest.raises(TraceError, match="written into since"):
            unswept.backward()
    assert np.array_equal(w.grad, [2.0, 2.0])
    np.sum(w * 5.0).backward()
    assert np.array_equal(w.grad, [5.0, 5.0])


def test_computing_on_an_input_in_place_is_refused():
    x = wg.track(np.ones(2))
    with pytest.raises(WriteError, match=r"np\.copy\(x\)"):
        x *= 2.0  # by which of its contents should x.grad be?
    y = np.copy(x)
    y *= 2.0
    np.sum(y * y).backward()
    assert np.array_equal(x.grad, [8.0, 8.0])


def test_writing_another_tracked_value_into_an_input_is_refused():
    u, w = wg.track(2.0), wg.track(np.ones(2))
    (u * np.sum(w * w)).backward()
    with pytest.raises(WriteError, match="stop_gradient"):
        w[0] = u * 3.0
    old = w * 2.0
    w[0] = 1.0
    with pytest.raises(WriteError, match="stop_gradient"):
        w[...] = old
    w[0] = wg.stop_gradient(u * 3.0)
    (u * np.sum(w)).backward()
    assert u.grad == 7.0
    assert np.array_equal(w.grad, [2.0, 2.0])


def test_writes_into_computed_values_are_followed_as_everywhere():
    x = wg.track(np.array([1.0, 2.0, 3.0]))
    z = x * 1.0
    for k in range(1, 3):
        z[k] = z[k - 1] * x[k]
    (p := z[2]).backward()
    assert np.array_equal(x.grad, [6.0, 3.0, 2.0])
    with pytest.raises(ConsumedError):
        z[0] = p


def test_an_update_inside_an_outer_tape_is_seen_by_that_one():
    with wg.Tape() as outer:
        rate = outer.watch(0.1)
        w = wg.Tape().watch(np.array([3.0]))
        np.sum(w * w).backward()
        w[...] = w.value - rate * w.grad
        np.sum(w * w).backward()
        slope = np.sum(w.grad)  # 2 (3 - 6 rate)
    assert outer.gradient(slope, rate) == -12.0


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
    assert max(sizes) <= 20


# --- cost and memory ---------------------------------------------------------------------------------------------------------


class Counting(dict):
    """The nodes of a tape, which count how often one is touched."""

    touched = 0

    def __getitem__(self, place):
        self.touched += 1
        return super().__getitem__(place)

    def get(self, place, default=None):
        self.touched += 1
        return super().get(place, default)

    def __iter__(self):
        self.touched += len(self)
        return super().__iter__()

    def items(self):
        self.touched += len(self)
        return super().items()

    def pop(self, place, default=None):
        self.touched += 1
        return super().pop(place, default)

    __hash__ = None


def counting(tape):
    tape.nodes = Counting(tape.nodes)
    tape.tables = (tape.nodes, *tape.tables[1:])
    return tape.nodes


def test_values_that_are_never_swept_do_not_pile_up():
    w = wg.track(np.ones((2, 20_000)))

    def evaluate():
        return np.sum((w[0] * np.ones(20_000)) ** 2)  # data of 160 kB, new each time

    kept = evaluate()
    tracemalloc.start()
    sizes = set()
    for _ in range(200):
        evaluate()
        sizes.add(len(w._trace.nodes))
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert max(sizes) <= 30
    assert memory < 20 * 160_000
    assert len(w._trace.views[w.place]) < 30
    kept.backward()
    assert np.array_equal(w.grad[0], np.full(20_000, 2.0))


def test_small_values_that_are_never_swept_do_not_pile_up():
    w, b = wg.track(np.ones(2)), wg.track(1.0)
    for _ in range(1000):
        np.sum(w * 2.0) + b * 3.0
        scratch = w * 1.0
        scratch[0] = b
    assert len(w._trace.nodes) <= 50
    assert len(w._trace.readers) <= 50


def test_trimming_costs_no_more_than_listing():
    x = wg.track(1.0)
    nodes = counting(x._trace)
    held = [x]
    for _ in range(4000):
        held.append(held[-1] * 1.5)
    assert nodes.touched < 20 * 4000


@pytest.mark.parametrize("n", [10, 1000])
def test_a_sweep_costs_what_it_passes_however_much_is_held(n):
    q, p = wg.track(2.0), wg.track(3.0)
    held = [np.sin(q) * q for _ in range(n)]
    nodes = counting(q._trace)
    y = p * p
    nodes.touched = 0
    y.backward()
    assert nodes.touched <= 20
    held[n // 2].backward()
    assert nodes.touched <= 50
    assert p.grad == 6.0


@pytest.mark.parametrize("n", [10, 1000])
def test_a_sweep_stops_at_its_sources(n):
    with wg.Tape() as tape:
        x = tape.watch(1.0)
        buffer = np.ones_like(tape.watch(np.ones(2)))
        z = x
        for _ in range(n):
            z = z * 1.0
            buffer[0] = z
        w = z * 1.0
        buffer[1] = w * w
        end = np.sum(buffer) * w
    nodes = counting(tape)
    assert tape.gradient(end, z, retain=True) == 5.0  # end = (z + w * w) * w, w = z
    assert tape.gradient(end, [w, z]) == [4.0, 5.0]
    assert nodes.touched <= 100
    assert tape.gradient(z, x) == 1.0  # what lies below was not consumed


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


def generator(x):
    with wg.Tape() as tape:
        y = tape.watch(x)
        yield tape
        yield tape.gradient(y * y, y)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_tapes_of_generators_leave_in_any_order(order):
    before = wg.track(1.0)
    generators = [generator(2.0), generator(3.0)]
    tapes = [next(g) for g in generators]
    assert wg.track(1.0)._trace is tapes[1]
    assert [next(g) for g in generators] == [4.0, 6.0]
    generators[order[0]].close()
    assert wg.track(1.0)._trace is tapes[order[1]]
    generators[order[1]].close()
    assert wg.track(1.0)._trace is before._trace


def test_a_tape_may_be_entered_again_inside_another():
    with wg.Tape() as first:
        with wg.Tape() as second:
            with first:
                assert wg.track(1.0)._trace is first
            assert wg.track(1.0)._trace is second
        assert wg.track(1.0)._trace is first
    assert wg.track(1.0)._trace not in (first, second)


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


def test_four_threads_sweep_one_input():
    w = wg.track(np.ones(3))
    trouble, rounds = [], 200

    def work(k):
        try:
            for _ in range(rounds):
                z = w * float(k)
                z[0] = w[1]
                np.sum(z).backward(accumulate=True)
        except Exception as error:
            trouble.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert trouble == []
    assert np.array_equal(w.grad, [0.0, rounds * 14.0, rounds * 10.0])


def test_threads_that_sweep_one_value_find_it_right_or_consumed():
    found = []

    def work(y):
        try:
            y.backward()
            found.append("swept")
        except ConsumedError:
            found.append("consumed")

    for _ in range(50):
        w = wg.track(2.0)
        threads = [threading.Thread(target=work, args=(w * w,)) for _ in range(2)]
        threads += [threading.Thread(target=work, args=(y,)) for y in [np.exp(w) * w] for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert w.grad in (4.0, pytest.approx(3.0 * np.exp(2.0)))
    assert found.count("swept") >= 150


def test_children_stay_where_they_are_whatever_else_is_swept():
    a, p = wg.track(3.0), wg.track(2.0)
    q = a * a
    z = np.exp(np.sin(p))
    child = p.children[0]
    q.backward()
    (child * 1.0).backward()
    assert p.grad == np.cos(2.0)
    assert z.value == np.exp(np.sin(2.0))


def test_a_picture_shows_where_something_was_consumed():
    x = wg.track(2.0, name="x")
    shared = np.exp(x)
    y, z = shared * 2.0, shared * 3.0
    y.backward()
    assert printed(z) == [f"multiply(·) = {z.value}   gradient: none yet"]


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
