"""Counts and weights of samples in bins."""

import numpy as np
import pytest
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, fixed, real

import wengert as wg
from wengert.rules.numpy.histograms import counted, number_of_bins, weighed

A = np.array([-2.0, 0.1, 0.3, 1.7, 2.0, -0.4, 5.0])
EDGES = np.array([-1.0, 0.0, 0.2, 2.0])
X, W = real(7), real(7)
GROWING = real(4, form=lambda a: np.sort(a))
WITHIN = {"range": np.array([-2.0, 2.0])}

CHAPTER = Chapter(
    "numpy.histograms",
    calls=[
        call(np.bincount, np.array([0, 2, 2, 1]), weights=real(4)),
        call(np.bincount, np.array([0, 2, 2, 1]), real(4), 6),
        call(np.histogram_bin_edges, X),
        call(np.histogram_bin_edges, real(2, 3), 4),
        call(np.histogram_bin_edges, X, "sturges"),
        call(np.histogram_bin_edges, X, GROWING),
        call(np.histogram_bin_edges, X, 3, (-1.0, 1.0)),
        call(np.histogram_bin_edges, X, 3, weights=fixed(7)),
        call(np.histogram, X),
        call(np.histogram, A, weights=W),
        call(np.histogram, A.reshape(7, 1), 4, weights=real(7, 1)),
        call(np.histogram, A, EDGES, weights=W),
        call(np.histogram, A, GROWING, weights=W),
        call(np.histogram, A, 4, **WITHIN, weights=W),
        call(np.histogram, A, EDGES, density=True, weights=W),
        call(np.histogram, A, 3, density=True, weights=W),
        call(np.histogram, real(9), 2, None, True),
        call(np.histogram, real(9), "sqrt", density=True),
        call(np.histogram, real(9), real(3, form=lambda a: a + [-6, 0, 6]), density=True),
        call(np.histogram, real(9), 2, weights=real(9)),
        call(np.histogram, real(0), 3),
        call(np.histogram2d, A, A[::-1], 3, weights=W),
        call(np.histogram2d, X, X, (2, 3)),
        call(np.histogram2d, A, A**2, [EDGES, 9], density=True, weights=W),
        call(np.histogram2d, A, A**2, EDGES, weights=W),
        call(np.histogram2d, X, real(7), [2, 3], density=True),
        call(np.histogramdd, real(7, 3), 2),
        call(np.histogramdd, np.stack([A, A**2], 1), (2, [-1.0, 0.05, 3.5, 30.0]), density=True, weights=W),
        call(np.histogramdd, [real(7), real(7)], 2, weights=W),
        call(np.histogramdd, X, 3, density=True),
        call(np.histogramdd, real(7, 2), [GROWING, 3], [None, (-1.0, 2.0)], weights=W),
        call(number_of_bins, X, 4, None, -1.0, 2.0),
        call(counted, X, 4, None, -1.0, 2.0),
        call(weighed, W, A, EDGES),
        call(weighed, W, fixed(7), 3, -1.0, 2.0),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER


def test_weights_receive_what_their_bin_does_and_outliers_nothing():
    a = np.array([0.5, 1.0, 2.0, 3.0, -0.1, 3.1, np.nan])  # the last bin holds its right edge too
    for bins, ends in ((3, (0.0, 3.0)), (np.arange(4.0), None)):
        (g,) = wg.vjp(lambda w: np.histogram(a, bins, ends, weights=w)[0], np.ones(7))[1](np.array([1.0, 2.0, 4.0]))
        np.testing.assert_array_equal(g, [1.0, 2.0, 4.0, 4.0, 0.0, 0.0, 0.0])


def test_edges_between_the_extremes_of_the_samples_move_with_them():
    x = np.array([1.0, 4.0, 2.0])
    edges = lambda x: np.histogram(x, 3)[1]
    np.testing.assert_allclose(wg.jacobian(edges)(x), [[1, 0, 0], [2 / 3, 1 / 3, 0], [1 / 3, 2 / 3, 0], [0, 1, 0]])
    np.testing.assert_array_equal(wg.jacobian(lambda x: np.histogram(x, 2, (0.0, 5.0))[1])(x), np.zeros((3, 3)))


def test_a_range_may_be_traced():
    a = np.array([0.2, 0.7, 0.9])
    J = wg.jacobian(lambda t: np.histogram(a * t[0], 2, (t[1], t[0]), True)[0])(np.array([2.0, 0.0]))
    np.testing.assert_allclose(J, [[-1 / 6, 1 / 6], [-1 / 3, 1 / 3]])  # 1/3 and 2/3 of (t[0] - t[1]) / 2


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.histogram(x * np.nan, 3)[1],
        lambda x: np.histogram(x, 3, (2.0, 1.0))[1],
        lambda x: np.histogram(x, 0)[1],
        lambda x: np.histogram(x, [2.0, 1.0])[1],
        lambda x: np.histogram(x, 2, weights=x[:2])[0],
        lambda x: np.histogram(x, "no such rule")[1],
        lambda x: np.histogramdd([x, x], 2, (None, (0.0, np.inf)))[0],
        lambda x: np.histogramdd([x, x], (2, 2, 2))[0],
        lambda x: np.histogramdd([x, x], (2, 0))[0],
        lambda x: np.histogramdd([x, x], 2, [None])[0],
        lambda x: np.histogramdd([x, x], (2, [2.0, 1.0]))[0],
        lambda x: np.histogram2d(x, x[:2])[0],
    ],
)
def test_what_numpy_refuses_is_refused_alike(f):
    x = np.array([1.0, 2.0, 4.0])
    for call_of in (f, lambda x: wg.vjp(f, x)):
        with pytest.raises(ValueError):  # noqa: PT011
            call_of(x)


def test_a_single_edge_makes_no_bin():
    x = np.array([1.0, 2.0])
    y, pull = wg.vjp(lambda w: np.histogram(x, [1.0], weights=w)[0], x)
    assert y.shape == (0,)
    np.testing.assert_array_equal(pull(y)[0], [0.0, 0.0])
    assert wg.vjp(lambda w: np.histogramdd([x], [[1.0]], weights=w)[0], x)[0].shape == (0,)
