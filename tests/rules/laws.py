"""The laws: what must hold of every row, whatever its function.

The oracles are values of the function itself: central differences extrapolated to step zero, the complex step, and NumPy's own
answer. Where differences do not settle (a jump between the points of the step), the example proves nothing and another is drawn;
Hypothesis gives up loudly if that happens too often.
"""

import functools
import inspect
import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from tests.rules.samples import Array, Draw, Sample, inexact, is_inexact, weights

import wengert as wg
from wengert import tree
from wengert.rules.verbs import Composite, Constant, Fresh
from wengert.rules.vocabulary import bottom, match, match_live
from wengert.testing import differences

Law = Callable[..., None]
PROFILE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # to shrink a seed is of no use
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDS = st.integers(0, 2**32 - 1)
PAIRS = list(itertools.product(("forward", "reverse"), repeat=2))


# --- values -----------------------------------------------------------------------------------------------------------


def values_are_numpys(sample: Sample, data: st.DataObject) -> None:
    """A traced call returns what the plain call returns: to the bit, of the same type, dtype, shape and structure."""
    random, sample = drawn(sample, data)
    xs = sample.point(random)
    plain = called(sample, xs)
    for traced in (wg.jvp(sample, tuple(xs), tuple(xs))[0], wg.vjp(sample, *xs)[0]):
        same(traced, plain, sample.rounding)


def inputs_are_left_alone(sample: Sample, data: st.DataObject) -> None:
    """Nothing writes into the inputs; gradients are writable and share memory with nothing."""
    random, sample = drawn(sample, data)
    xs = [read_only(x) for x in sample.point(random)]
    y, pull = wg.vjp(sample, *xs)
    gs = cotangents(y, random)
    one, two = pull(gs), pull(gs)
    for a, b, x in zip(one, two, xs, strict=True):
        np.testing.assert_array_equal(a, b)
        if isinstance(a, np.ndarray):
            assert a.flags.writeable
            assert not any(np.shares_memory(a, other) for other in [b, x, *inexact(y), *inexact(gs)])


# --- first derivatives ------------------------------------------------------------------------------------------------


def jvp_matches_differences(sample: Sample, data: st.DataObject) -> None:
    """The tangent is the limit of central differences, along random directions."""
    random, sample = drawn(sample, data)
    agrees_with_differences(sample, sample.point(random), random)


def jvp_matches_the_complex_step(sample: Sample, data: st.DataObject) -> None:
    """f(x + iht) = f(x) + ih f'(x) t for functions that take complex numbers and are analytic: twelve digits and more."""
    random, sample = drawn(sample, data)
    xs = sample.point(random)
    ts = sample.directions(random, xs)
    if any(map(np.iscomplexobj, xs)):
        return
    stepped = attempted(sample, [x + 1e-30j * t for x, t in zip(xs, ts, strict=True)])
    if stepped is None:
        return
    truth = along(sample, xs, ts)
    y, t = wg.jvp(sample, tuple(xs), tuple(ts))
    for t, a, e in zip(where_inexact(t, y), where_inexact(stepped, y), truth, strict=True):
        step = np.imag(a) / 1e-30
        if np.iscomplexobj(a) and not np.iscomplexobj(t) and np.allclose(step, e.value, rtol=1e-6, atol=1e-6 * scale(e.value)):
            close(t, step, 1e-11)


def modes_are_adjoint(sample: Sample, data: st.DataObject) -> None:
    """<g, J t> = <J^T g, t>."""
    random, sample = drawn(sample, data)
    is_adjoint(sample, sample.point(random), random)


def rows_are_adjoint(sample: Sample, data: st.DataObject) -> None:
    """The same asked of the row itself, with what a tape would have kept: a tape follows views without asking their rows."""
    random, sample = drawn(sample, data)
    full = sample.plugged(sample.point(random))
    row, y = full.row, full.f(*full.args, **full.kwargs)
    active = {p: v for p, v in operands(sample, full) if data.draw(st.booleans(), label=f"operand {p} is active")}
    assume(active)
    indices = frozenset(p[0] if isinstance(p, tuple) else p for p in active)
    kept_y, kept = row.strip(y, full.args, indices)
    ts = {p: weights(random, x) for p, x in active.items()}
    pushed, _ = row.push(kept_y, kept, full.kwargs, {p: (t, None) for p, t in ts.items()})
    g = cotangents(y, random)
    pulled = {p: match(c, active[p]) for p, c, _ in row.pull(g, None, kept_y, kept, full.kwargs, tuple(active))}
    assert set(pulled) == set(active)
    left, size = pairing(where_inexact(g, y), where_inexact(pushed, y))
    right, other = pairing([pulled[p] for p in ts], list(ts.values()))
    assert abs(left - right) <= 1e-9 * (size + other), f"<g, push t> = {left}, <pull g, t> = {right}"


def layouts_do_not_matter(sample: Sample, data: st.DataObject) -> None:
    """Operands that are views (reversed, strided, transposed, broadcast) of an array of any order."""
    random, sample = drawn(sample, data)
    views = [data.draw(st.sampled_from(VIEWS), label="view") for _ in sample.draws]
    xs = sample.point(random)
    bases = [view.base(x) for view, x in zip(views, xs, strict=True)]

    def through(*bases: Any) -> Any:
        return sample(*(view.of(b) for view, b in zip(views, bases, strict=True)))

    ts = [view.base(t) for view, t in zip(views, sample.directions(random, xs), strict=True)]
    same(wg.vjp(through, *bases)[0], called(through, bases), sample.rounding)
    truth = along(through, bases, ts)
    y, t = wg.jvp(through, tuple(bases), tuple(ts))
    agree(where_inexact(t, y), truth)
    is_adjoint(through, bases, random)


def results_lie_as_numpys(sample: Sample, data: st.DataObject) -> None:
    """A result has the strides of the plain one, is a view of the same operands, and may be written if it may: of operands in any
    layout. So what a write through a result or a reshaped one reaches is what it reaches in plain NumPy.
    """
    random, sample = drawn(sample, data)
    xs = sample.point(random)
    mixed = [data.draw(st.sampled_from(LAID), label="view") for _ in xs]
    for views in (*([view] * len(xs) for view in LAID), mixed):
        results_lie_alike(sample, xs, views)


def results_lie_alike(sample: Sample, xs: list[Array], views: list["View"]) -> None:
    note(f"{views}")
    bases = [view.base(x) for view, x in zip(views, xs, strict=True)]
    seen: list[Any] = []

    def through(*bases: Any) -> Any:
        operands = [view.of(b) for view, b in zip(views, bases, strict=True)]
        y = sample(*operands)
        seen.append([lie(a, operands) for a in leaves(y)])
        return y

    if attempted(through, bases) is None:
        return  # NumPy does not take them
    wg.vjp(beside(through), *bases, has_aux=True)
    wg.jvp(beside(through), tuple(bases), tuple(bases), has_aux=True)
    for traced in seen[1:]:
        assert traced == seen[0], "(strides, the operands of which it is a view, whether it may be written)"


def beside(f: Callable[..., Any]) -> Callable[..., Any]:
    """f's result handed out beside a number that all operands lead to, since it may be none."""
    return lambda *xs: (sum(np.sum(np.real(x)) for x in xs), f(*xs))


def lie(y: Any, xs: list[Any]) -> Any:
    """How a result lies in memory: strides, the operands in whose memory it lies, and whether it may be written, with no warning."""
    y = bottom(y)
    if not isinstance(y, np.ndarray) or not y.size:
        return None
    strides = tuple(s for s, n in zip(y.strides, y.shape, strict=True) if n > 1)
    return strides, [np.shares_memory(y, bottom(x)) for x in xs], not memoryview(y).readonly


def results_are_of_numpys_kind(sample: Sample, data: st.DataObject) -> None:
    """A result is an array where the plain one is, and a number where that is, in the same dtype: of numbers of Python and of NumPy,
    of arrays of no dimension, of wide and narrow ones, side by side. For `y += 1` writes into an array, and makes a new number.
    """
    random, sample = drawn(sample, data)
    xs = sample.point(random)
    for spelling in (sample, bare(sample)) if sample.kwargs else (sample,):
        for operands in mixtures(xs):
            results_are_alike(spelling, operands)
    results_are_alike(sample, data.draw(st.sampled_from(list(mixtures(xs))), label="operands"), twice=True)


def bare(sample: Sample) -> Sample:
    """The sample without the keywords that say how: a number may have no axis 1."""
    return replace(sample, kwargs={k: v for k, v in sample.kwargs.items() if isinstance(v, Draw)})


def mixtures(xs: list[Array]) -> Iterator[list[Any]]:
    """Numbers of each kind in place of all operands, float32 throughout, and numbers of each kind beside arrays of either width."""
    for kind in NUMBERS:
        yield [kind(number(x)) for x in xs]
    yield [narrowed(x, np.float32) for x in xs]
    for i, kind, dtype in itertools.product(range(len(xs) if len(xs) > 1 else 0), NUMBERS, (np.float32, np.float64)):
        yield [kind(number(x)) if k == i else narrowed(x, dtype) for k, x in enumerate(xs)]


NUMBERS = (float, np.float64, np.float32, np.array, functools.partial(np.array, dtype=np.float32))


def narrowed(x: Array, dtype: Any) -> Array:
    return x.astype(np.result_type(dtype, 1j) if np.iscomplexobj(x) else dtype)


def number(x: Array) -> float:
    return float(np.real(np.ravel(x)[0])) if np.size(x) else 0.5


def results_are_alike(sample: Sample, xs: list[Any], twice: bool = False) -> None:
    note(f"{xs}")
    kinds: list[Any] = []

    def seen(*xs: Any) -> Any:
        y = sample(*xs)
        kinds.append(kind_of(y))
        return sum(np.sum(np.real(a)) for a in [*xs, *inexact(y)])

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            called(seen, xs)
        except Exception:
            return  # NumPy does not take them
        try:
            for derivative in (forward(seen), reverse(seen)):
                kinds[1:] = []
                (forward(derivative) if twice else derivative)(*xs)
                assert kinds[1] == kinds[0], "(type, dtype, shape)"  # later calls may be at other points
        except wg.errors.WengertError as refusal:
            note(f"refused: {refusal}")


def forward(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *xs: wg.jvp(f, xs, xs)[1]


def reverse(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *xs: wg.vjp(f, *xs)[1](1.0)


def kind_of(y: Any) -> Any:
    """What is written into, and how wide: types, dtypes and shapes in the structure of a result."""
    if isinstance(y, tuple | list):
        return [type(y), *map(kind_of, y)]
    y = bottom(y)
    return type(y), getattr(y, "dtype", None), np.shape(y)


# --- second derivatives -----------------------------------------------------------------------------------------------


def second_order(sample: Sample, data: st.DataObject) -> None:
    """Each mode over each mode agrees with differences of the first derivative."""
    random, sample = drawn(sample, data)
    choices = [PAIRS, *([pair] for pair in PAIRS)]  # Hypothesis begins with the first: all of them
    pairs = data.draw(st.sampled_from(choices), label="(outer, inner)")
    second_derivatives_agree(sample, sample.point(random), random, pairs)


def second_derivatives_agree(sample: Sample, xs: list[Array], random: np.random.Generator, pairs: list[Any]) -> None:
    ts, directions = sample.directions(random, xs), sample.directions(random, xs)
    ys = inexact(called(sample, xs))
    sizes, weighed = [scale(y) or 1.0 for y in ys], [weights(random, y) for y in ys]

    def bent(*xs: Any) -> Any:
        """A curved function of the result, so that cotangents depend on x too."""
        return tuple(y / size * (1.0 + 0.5 * y / size) for y, size in zip(inexact(sample(*xs)), sizes, strict=True))

    firsts = {
        "forward": lambda *xs: wg.jvp(bent, xs, tuple(directions))[1],
        "reverse": lambda *xs: wg.vjp(bent, *xs)[1](tuple(weighed)),
    }
    for inner in sorted({inner for _, inner in pairs}):
        first = firsts[inner]
        truth = along(first, xs, ts)
        for outer in (outer for outer, i in pairs if i == inner):
            note(f"{outer} over {inner}")
            if outer == "forward":
                agree(leaves(wg.jvp(first, tuple(xs), tuple(ts))[1]), truth)
                continue
            y, pull = wg.vjp(first, *xs)
            gs = cotangents(y, random)
            left, size = pairing(inexact(gs), [e.value for e in truth])
            right, _ = pairing(pull(gs), ts)
            error = sum(float(np.sum(np.abs(g) * e.error)) for g, e in zip(inexact(gs), truth, strict=True))
            assert abs(left - right) <= 1e-6 * size + 10 * error + 1e-12, f"differences {left}, reverse {right}"


# --- broadcasting, dtypes, complex numbers, masks ---------------------------------------------------------------------


def broadcasts(sample: Sample, data: st.DataObject) -> None:
    """Operands of all shapes that go together: scalars, 0-d, empty, (3, 1) with (2,)."""
    count = len(sample.draws)
    shapes = data.draw(mutually_broadcastable_shapes(num_shapes=count, min_side=0, max_side=3, max_dims=3), label="shapes")
    random, sample = drawn(reshaped(sample, shapes.input_shapes), data)
    xs = sample.point(random)
    agrees_with_differences(sample, xs, random)
    is_adjoint(sample, xs, random)


def numbers_are_arrays_of_no_dimension(sample: Sample, data: st.DataObject) -> None:
    """Python floats, NumPy's floats and 0-d arrays: the same derivative, in NumPy's types."""
    random, sample = drawn(reshaped(sample, [()] * len(sample.draws)), data)
    kinds = [data.draw(st.sampled_from((float, np.float64, np.array)), label="type") for _ in sample.draws]
    xs = [kind(x) for kind, x in zip(kinds, sample.point(random), strict=True)]
    y, pull = wg.vjp(sample, *xs)
    same(y, called(sample, xs), sample.rounding)
    for c, x in zip(pull(tree.map(lambda _: 1.0, y)), xs, strict=True):
        assert type(c) is np.float64 or (isinstance(x, np.ndarray) and c.dtype == np.float64)
        assert np.shape(c) == ()
    agrees_with_differences(sample, xs, random)
    is_adjoint(sample, xs, random)


def keeps_dtype(sample: Sample, data: st.DataObject) -> None:
    """Values have NumPy's dtype, tangents that of the value, gradients shape and dtype of their operand; a row widens nothing."""
    random, sample = drawn(sample, data)
    dtype = data.draw(st.sampled_from((np.float32, np.float32, np.float16, np.longdouble)), label="dtype")
    xs = [narrowed(x, dtype) for x in sample.point(random)]
    plain = attempted(sample, xs)
    if plain is None:
        return  # NumPy's LAPACK knows no float16 and no longdouble
    y, t = wg.jvp(sample, tuple(xs), tuple(xs))
    value, pull = wg.vjp(sample, *xs)
    same(y, plain, sample.rounding)
    same(value, plain, sample.rounding)
    for a, b in zip(where_inexact(t, plain), inexact(plain), strict=True):
        assert (np.shape(a), np.result_type(a)) == (np.shape(b), np.result_type(b))
    gradients = pull(cotangents(y, random))
    for c, x in zip(gradients, xs, strict=True):
        assert (np.shape(c), np.result_type(c)) == (np.shape(x), np.result_type(x))
    if dtype is np.float32:
        widens_nothing(sample, xs, random)


def widens_nothing(sample: Sample, xs: list[Array], random: np.random.Generator) -> None:
    """The row's own results, before they are cast to where they belong, are no wider than result and operands."""
    full = sample.plugged(xs)
    row = full.row
    if not asks_its_row(sample):
        return
    y = full.f(*full.args, **full.kwargs)
    active = dict(operands(sample, full))
    widest = np.result_type(*(a.dtype for a in inexact(y)), *(x.dtype for x in xs))
    pushed, _ = row.push(y, full.args, full.kwargs, {p: (weights(random, x), None) for p, x in active.items()})
    pulled = row.pull(cotangents(y, random), None, y, full.args, full.kwargs, tuple(active))
    for a in [*where_inexact(pushed, y), *(c for _, c, _ in pulled)]:
        assert np.result_type(a).itemsize <= np.result_type(widest, np.complex64 if np.iscomplexobj(a) else widest).itemsize, (
            f"{np.result_type(a)} from operands of {widest}: write constants as Python floats"
        )


def complex_numbers_are_pairs(sample: Sample, data: st.DataObject) -> None:
    """Complex operands: the derivative is the real-linear map of differences; modes and second order agree; C-linear if f is."""
    if not sample.complex:
        return
    random, sample = drawn(sample, data)
    kinds = [data.draw(st.booleans(), label="complex") for _ in sample.draws]
    kinds = kinds if any(kinds) else [True] * len(kinds)
    xs = sample.point(random, kinds)
    plain = attempted(sample, xs)
    if plain is None:
        return  # NumPy does not take them
    same(wg.vjp(sample, *xs)[0], plain, sample.rounding)
    agrees_with_differences(sample, xs, random)
    is_adjoint(sample, xs, random)
    second_derivatives_agree(sample, xs, random, [data.draw(st.sampled_from(PAIRS), label="(outer, inner)")])
    ts = sample.directions(random, xs)
    if all(map(np.iscomplexobj, [*xs, *inexact(plain)])) and analytic(sample, xs, ts):
        pull, gs = wg.vjp(sample, *xs)[1], cotangents(plain, random)
        turned = pull(tree.map(lambda g: 1j * g, gs))
        for a, b in zip(turned, pull(gs), strict=True):
            close(a, 1j * b, 1e-9)


def analytic(sample: Sample, xs: list[Array], ts: list[Array]) -> bool:
    """Whether differences along it are i times those along t."""
    here, turned = along(sample, xs, ts), along(sample, xs, [1j * t for t in ts])
    return all(np.allclose(1j * a.value, b.value, rtol=1e-6, atol=1e-8 * scale(a.value)) for a, b in zip(here, turned, strict=True))


def masks_are_sound(sample: Sample, data: st.DataObject) -> None:
    """What a row calls dead is zero, and masks change no value."""
    random, sample = drawn(sample, data)
    full = sample.plugged(sample.point(random))
    row, y = full.row, full.f(*full.args, **full.kwargs)
    active = dict(operands(sample, full))
    masks = {p: random.random(np.shape(x)) < 0.6 for p, x in active.items()}
    ts = {p: np.where(masks[p], weights(random, x), 0.0)[()] for p, x in active.items()}
    whole, _ = row.push(y, full.args, full.kwargs, {p: (t, None) for p, t in ts.items()})
    pushed, alive = row.push(y, full.args, full.kwargs, {p: (t, masks[p]) for p, t in ts.items()})
    if not isinstance(y, tuple | list):
        np.testing.assert_allclose(pushed, whole, rtol=1e-12, atol=1e-12)
        dead_is_zero(pushed, alive, y)
        lives = random.random(np.shape(y)) < 0.6
        g = np.where(lives, cotangents(y, random), 0.0)[()]
        wholes = {p: match(c, active[p]) for p, c, _ in row.pull(g, None, y, full.args, full.kwargs, tuple(active))}
        for p, c, m in row.pull(g, lives, y, full.args, full.kwargs, tuple(active)):
            c, m = match(c, active[p]), match_live(m, active[p])
            np.testing.assert_allclose(c, wholes[p], rtol=1e-12, atol=1e-12)
            dead_is_zero(c, m, active[p])


def dead_is_zero(value: Array, alive: Any, like: Array) -> None:
    if alive is not None:
        dead = np.logical_not(np.broadcast_to(alive, np.shape(like)))
        assert not np.any(np.broadcast_to(value, np.shape(like))[dead])


def no_number_raises(sample: Sample, data: st.DataObject) -> None:
    """NaN, infinities, zeros, ties: the plain call's values to the bit, and if it raises, the traced call raises the same."""
    random, sample = drawn(sample, data)
    numbers = NASTY_IN_MATRICES if getattr(sample.f, "__module__", "") == "numpy.linalg" or sample.f is np.polyfit else NASTY
    xs = [poisoned(x, numbers, random) for x in sample.point(random)]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            plain = sample(*map(copied, xs))
        except (ValueError, np.linalg.LinAlgError) as refusal:
            with pytest.raises(type(refusal)):
                wg.vjp(sample, *xs)
            return
        y, _ = wg.jvp(sample, tuple(xs), tuple(map(np.ones_like, xs)))
        same(y, plain, sample.rounding)
        y, pull = wg.vjp(sample, *xs)
        same(y, plain, sample.rounding)
        pull(cotangents(y, random))


def is_constant(sample: Sample, data: st.DataObject) -> None:
    """A row without derivative: its results do not move, and are not traced."""
    random, sample = drawn(sample, data)
    kinds = data.draw(st.booleans(), label="complex") and sample.complex
    xs = sample.point(random, kinds)
    plain = attempted(sample, xs)
    if plain is None or defined(sample.plugged(xs)):
        return
    ts = sample.directions(random, xs)
    for h in (1e-7, -1e-7):
        same(called(sample, [x + h * t for x, t in zip(xs, ts, strict=True)]), plain)

    def untraced(*xs: Any) -> Any:
        y = sample(*xs)
        assert not any(isinstance(a, wg.Tensor) for a in leaves(y))
        return y

    same(wg.vjp(beside(untraced), *xs, has_aux=True)[2], plain)
    same(wg.jvp(beside(untraced), tuple(xs), tuple(ts), has_aux=True)[2], plain)


def is_fresh(sample: Sample, data: st.DataObject) -> None:
    """A row that makes new memory: traced, so that tensors can be written into it, and of derivative zero."""
    random, sample = drawn(sample, data)
    xs = sample.point(random)
    plain = called(sample, xs)

    def traced(*xs: Any) -> Any:
        y = sample(*xs)
        assert isinstance(y, wg.Tensor)
        assert (y.shape, y.dtype) == (plain.shape, plain.dtype)
        return y

    y, t = wg.jvp(traced, tuple(xs), tuple(xs))
    assert not np.any(t)
    assert not any(np.any(c) for c in wg.vjp(traced, *xs)[1](cotangents(y, random)))


def keywords_are_right_or_refused(sample: Sample, data: st.DataObject) -> None:
    """A keyword that the function takes is followed, or the call refused: never ignored."""
    random, sample = drawn(sample, data)
    views = [data.draw(st.sampled_from(LAID), label="view") for _ in sample.draws]
    xs = sample.point(random)
    ts = sample.directions(random, xs)
    plain = called(sample, xs)
    for derivative in (
        lambda: jvp_is_right(sample, xs, ts, plain),
        lambda: vjp_is_right(sample, xs, ts, plain, random),
        lambda: results_lie_alike(sample, xs, views),
    ):
        try:
            derivative()
        except (wg.errors.WengertError, TypeError) as refusal:
            note(f"refused: {refusal}")


def names_are_as_good_as_places(sample: Sample, data: st.DataObject) -> None:
    """Arguments given by name, or by place, as NumPy allows: the same answer, or an error of the same kind."""
    random, sample = drawn(sample, data)
    xs = sample.point(random)
    for spelling in spellings(sample):
        note(f"{len(spelling.args)} by place, by name {list(spelling.kwargs)}")
        try:
            plain = called(spelling, xs)
        except (UserWarning, ValueError):
            continue  # NumPy takes it, and advises against it; or not with these values
        except TypeError:
            for derivative in (lambda s=spelling: wg.vjp(s, *xs), lambda s=spelling: wg.jvp(s, tuple(xs), tuple(xs))):
                with pytest.raises(TypeError):
                    derivative()
            continue
        same(wg.vjp(beside(spelling), *xs, has_aux=True)[2], plain, sample.rounding)
        same(wg.jvp(beside(spelling), tuple(xs), tuple(xs), has_aux=True)[2], plain, sample.rounding)


def spellings(sample: Sample) -> Iterator[Sample]:
    """The call with its last arguments by name, from all to none, and with as many by place as can be."""
    names = [] if sample.via or of_wengert(sample.f) else parameters(sample.f)
    placed = list(sample.args)
    if len(placed) > len(names):
        return
    for k in range(len(placed)):
        yield replace(sample, args=tuple(placed[:k]), kwargs=dict(zip(names[k:], placed[k:], strict=False)) | sample.kwargs)
    kwargs = dict(sample.kwargs)
    while len(placed) < len(names) and names[len(placed)] in kwargs:
        placed.append(kwargs.pop(names[len(placed)]))
    yield replace(sample, args=tuple(placed), kwargs=kwargs)


def parameters(f: Any) -> list[str]:
    """The names of the parameters that have a place."""
    try:
        found = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]


def of_wengert(f: Any) -> bool:
    """Whether it is a word of ours, which only rules use."""
    return str(getattr(f, "__module__", "")).startswith("wengert.")


def jvp_is_right(sample: Sample, xs: list[Array], ts: list[Array], plain: Any) -> None:
    y, t = wg.jvp(sample, tuple(xs), tuple(ts))
    same(y, plain, rounding=4)
    agree(where_inexact(t, y), along(sample, xs, ts))


def vjp_is_right(sample: Sample, xs: list[Array], ts: list[Array], plain: Any, random: np.random.Generator) -> None:
    y, pull = wg.vjp(sample, *xs)
    same(y, plain, rounding=4)
    gs, truth = cotangents(y, random), along(sample, xs, ts)
    left, size = pairing(where_inexact(gs, y), [e.value for e in truth])
    right, _ = pairing(pull(gs), ts)
    error = sum(float(np.sum(np.abs(g) * e.error)) for g, e in zip(where_inexact(gs, y), truth, strict=True))
    rtol = max(digits(a.dtype, 1e-6) for a in inexact(y))
    assert abs(left - right) <= rtol * size + 10 * error + 1e-12, f"differences {left}, reverse {right}"


# --- which laws hold of what ------------------------------------------------------------------------------------------

EXAMPLES: dict[Law, int] = {
    values_are_numpys: 6,  # of which every law asks again
    inputs_are_left_alone: 3,
    jvp_matches_differences: 10,
    jvp_matches_the_complex_step: 3,
    modes_are_adjoint: 10,
    rows_are_adjoint: 10,
    layouts_do_not_matter: 10,
    second_order: 6,
    broadcasts: 12,
    numbers_are_arrays_of_no_dimension: 6,
    keeps_dtype: 6,
    complex_numbers_are_pairs: 6,
    masks_are_sound: 6,
    no_number_raises: 12,
    keywords_are_right_or_refused: 3,
    results_lie_as_numpys: 2,
    results_are_of_numpys_kind: 1,
    names_are_as_good_as_places: 1,
    is_constant: 6,
    is_fresh: 3,
}
EVERY = (
    values_are_numpys,
    inputs_are_left_alone,
    jvp_matches_differences,
    jvp_matches_the_complex_step,
    modes_are_adjoint,
    layouts_do_not_matter,
    second_order,
    keeps_dtype,
    complex_numbers_are_pairs,
    no_number_raises,
)
OF_CALLS = (results_lie_as_numpys, results_are_of_numpys_kind, names_are_as_good_as_places)  # derivative or none
OF_ROWS = (
    rows_are_adjoint,
    masks_are_sound,
)  # asked of the row, so not where a composite or the mechanism stands in for it
OF_ELEMENTWISE = (broadcasts, numbers_are_arrays_of_no_dimension)


def laws_of(sample: Sample) -> Iterator[Law]:
    return (law for law in applicable(sample) if law.__name__ not in sample.without)


def applicable(sample: Sample) -> Iterator[Law]:
    row = sample.row
    if isinstance(row, Constant) and not defined(example(sample)):
        yield is_constant
    elif isinstance(row, Fresh):
        yield is_fresh
    else:
        yield from EVERY
    yield from OF_CALLS
    if isinstance(row, Constant | Fresh):
        return
    if asks_its_row(sample):
        yield from OF_ROWS
    if sample.auto:
        yield from OF_ELEMENTWISE


def prove(law: Law, sample: Sample) -> None:
    """The law, on examples that Hypothesis draws."""

    @settings(PROFILE, max_examples=EXAMPLES[law])
    @given(st.data())
    def proof(data: st.DataObject) -> None:
        law(sample, data)

    proof()


# --- what the laws share ----------------------------------------------------------------------------------------------


def drawn(sample: Sample, data: st.DataObject) -> tuple[np.random.Generator, Sample]:
    random = np.random.default_rng(data.draw(SEEDS, label="seed"))
    return random, sample.settled(random)


def along(f: Callable[..., Any], xs: list[Array], ts: list[Array]) -> list[Any]:
    """The derivative along ts by differences; if they do not settle, another example is wanted."""
    with np.errstate(all="ignore"):
        truth = differences(lambda h: inexact(f(*(x + h * t for x, t in zip(xs, ts, strict=True)))))
    ys = inexact(called(f, xs))
    sizes = [scale(e.value) + scale(y) for e, y in zip(truth, ys, strict=True)]
    assume(
        all(np.all(e.error <= digits(np.result_type(y), 1e-6) * size + 1e-12) for e, y, size in zip(truth, ys, sizes, strict=True))
    )
    return truth


def digits(dtype: Any, wanted: float) -> float:
    """A relative accuracy, or what a narrow dtype allows."""
    return max(wanted, 1e3 * float(np.finfo(dtype).eps)) if np.finfo(dtype).bits < 64 else wanted


def agrees_with_differences(sample: Sample, xs: list[Array], random: np.random.Generator) -> None:
    ts = sample.directions(random, xs)
    y, t = wg.jvp(sample, tuple(xs), tuple(ts))
    agree(where_inexact(t, y), along(sample, xs, ts))


def agree(tangents: list[Any], truth: list[Any]) -> None:
    for t, e in zip(tangents, truth, strict=True):
        assert np.shape(t) == np.shape(e.value)
        rtol = digits(np.result_type(t), 1e-7)
        allowed = rtol * np.abs(e.value) + 1e-2 * rtol * scale(e.value) + 10 * e.error + 1e-12
        assert np.all(np.abs(t - e.value) <= allowed), f"the rule says\n{t}\ndifferences say\n{e.value}"


def is_adjoint(f: Callable[..., Any], xs: list[Array], random: np.random.Generator) -> None:
    ts = [weights(random, x) for x in xs]
    _, tangent = wg.jvp(f, tuple(xs), tuple(ts))
    y, pull = wg.vjp(f, *xs)
    gs = cotangents(y, random)
    cs = pull(gs)
    for c, x in zip(cs, xs, strict=True):
        assert (np.shape(c), np.result_type(c)) == (np.shape(x), np.result_type(x))
    left, size = pairing(where_inexact(gs, y), where_inexact(tangent, y))
    right, other = pairing(cs, ts)
    assert abs(left - right) <= 1e-9 * (size + other), f"<g, J t> = {left}, <J^T g, t> = {right}"


def pairing(gs: Any, ts: Any) -> tuple[float, float]:
    """Re(sum(g t)), and the size of what was summed."""
    terms = [np.real(g * t) for g, t in zip(gs, ts, strict=True)]
    return float(sum(map(np.sum, terms))), float(sum(np.sum(np.abs(t)) for t in terms))


def cotangents(y: Any, random: np.random.Generator) -> Any:
    """Random cotangents of a result, in its structure."""
    return tree.map(lambda a: weights(random, a) if is_inexact(a) else None if a is None else np.zeros(np.shape(a)), y)


def called(f: Callable[..., Any], xs: list[Array]) -> Any:
    return f(*map(copied, xs))


def attempted(f: Callable[..., Any], xs: list[Array]) -> Any:
    """The plain call, or None where NumPy does not take such operands."""
    try:
        return called(f, xs)
    except (TypeError, ValueError, np.linalg.LinAlgError, np.exceptions.ComplexWarning):
        return None


def same(a: Any, b: Any, rounding: int = 0) -> None:
    """Equal to the bit (or to some units in the last place), NaN and signs of zero included, and of the same types."""
    assert type(a) is type(b), f"{type(a)} is not {type(b)}"
    if isinstance(a, tuple | list):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y, rounding)
    elif isinstance(a, dict):
        assert list(a) == list(b)
        same(list(a.values()), list(b.values()), rounding)
    elif isinstance(a, np.ndarray | np.generic):
        assert (a.dtype, a.shape) == (b.dtype, b.shape), f"{a.dtype}{a.shape} is not {b.dtype}{b.shape}"
        if rounding and a.dtype.kind in "fc":
            close(a, b, rounding * float(np.finfo(a.dtype).eps))
            return
        np.testing.assert_array_equal(a, b)
        if a.dtype.kind == "f":
            np.testing.assert_array_equal(np.signbit(a)[~np.isnan(a)], np.signbit(b)[~np.isnan(b)], "signs of zero")
    else:
        assert a == b or (a != a and b != b)


def close(a: Array, b: Array, rtol: float) -> None:
    np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * scale(b))


def scale(a: Array) -> float:
    """The largest finite magnitude."""
    size = np.abs(a)
    return float(np.max(size, initial=0.0, where=np.isfinite(size)))


def leaves(y: Any) -> list[Any]:
    return tree.flatten(y)[0]


def where_inexact(values: Any, y: Any) -> list[Any]:
    """The leaves of tangents or cotangents where the result is floating or complex."""
    return [a for a, b in zip(leaves(values), leaves(y), strict=True) if is_inexact(b)]


def operands(sample: Sample, full: Sample) -> list[tuple[Any, Array]]:
    """The positions and values of the differentiated operands."""
    return [(p, full.args[p[0]][p[1]] if isinstance(p, tuple) else full.args[p]) for p, d in sample.places if d.active]


def defined(full: Sample) -> bool:
    """Whether this call is defined by others, so that the row itself is not asked."""
    definition = full.row.definition
    return definition is not None and definition(*full.args, **full.kwargs) is not NotImplemented


def asks_its_row(sample: Sample) -> bool:
    """Whether the row is called as the sample calls the function: not through a definition, nor by what all ufuncs take."""
    full = example(sample)
    if isinstance(sample.row, Composite) or (isinstance(sample.f, np.ufunc) and sample.kwargs) or defined(full):
        return False
    if isinstance(getattr(sample.f, "__self__", None), np.ufunc) and "axis" not in sample.kwargs:
        return False  # a ufunc's reduce runs along axis 0 where np.sum runs along all
    named = any(isinstance(p, str) for p, _ in sample.places)
    return not named and all(type(a) is type(b) for a, b in zip(full.args, sample.row.joined(full.args), strict=True))


def example(sample: Sample) -> Sample:
    """The sample with the same operands each time."""
    random = np.random.default_rng(0)
    sample = sample.settled(random)
    return sample.plugged(sample.point(random))


def reshaped(sample: Sample, shapes: Any) -> Sample:
    """An elementwise sample with differentiated operands of other shapes, and numbers for those that are held."""
    left = iter(shapes)
    return replace(sample, args=tuple(replace(d, shape=next(left) if d.active else ()) for d in sample.args))


NASTY = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 2.0, -0.5, 1e-310, 1e300)


NASTY_IN_MATRICES = (np.nan, 0.0, -0.0, 1.0, -1.0, 2.0, -0.5)  # infinities send LAPACK's SVD into an endless loop


def poisoned(x: Array, numbers: tuple[float, ...], random: np.random.Generator) -> Array:
    """x with numbers of which functions are afraid: NaN, infinities, zeros of both signs, ties, the smallest and the largest."""
    x = np.array(x)
    places = random.random(x.shape) < random.choice((0.2, 0.9))
    x[places] = random.choice(numbers, int(np.sum(places)))
    return x[()]


def copied(x: Array) -> Array:
    return np.array(x) if isinstance(x, np.ndarray) else x


def read_only(x: Array) -> Array:
    if isinstance(x, np.ndarray):
        x.flags.writeable = False
    return x


class View:
    """How an operand may lie in memory: an array to lie in, and the view of it that is the operand."""

    def __init__(self, name: str, base: Callable[[Array], Array], of: Callable[[Any], Any]) -> None:
        self.name, self.base, self.of = name, base, of

    def __repr__(self) -> str:
        return self.name


EVERYWHERE = (slice(None, None, -1),)
VIEWS = [
    View("Fortran order", lambda x: np.asfortranarray(x) if np.ndim(x) else x, lambda b: b),
    View("transposed", lambda x: np.array(np.transpose(x), order="C"), np.transpose),
    View("reversed", lambda x: np.array(x[EVERYWHERE * np.ndim(x)]), lambda b: b[EVERYWHERE * np.ndim(b)]),
    View(
        "every second",
        lambda x: np.repeat(x, 2, axis=-1) if np.ndim(x) else x,
        lambda b: b[..., ::2] if np.ndim(b) else b,
    ),
    View("broadcast", lambda x: x, lambda b: np.broadcast_to(b, (1, *np.shape(b)))[0] if np.ndim(b) else b),
]
LAID = [
    View("C order", lambda x: x, lambda b: b),
    View(
        "axes permuted",
        lambda x: np.array(np.moveaxis(x, 0, -1), order="C") if np.ndim(x) > 2 else x,
        lambda b: np.moveaxis(b, -1, 0) if np.ndim(b) > 2 else b,
    ),
    *VIEWS,
]
