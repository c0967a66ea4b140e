"""Histograms: how many samples fall into each bin, or what they weigh together.

    n, edges = np.histogram(x, bins=10, weights=w)

Counts are piecewise constant in the samples, and linear in the weights. Edges that NumPy lays between the extremes of the samples
move with these, and a density, which is divided by the widths of the bins, moves with the edges.
"""

import operator

import numpy as np

from wengert.rules.declare import composite, constant, linear
from wengert.rules.row import joined
from wengert.rules.vocabulary import Traced, astype, getitem, word


def ends(a, range):
    """Between which numbers the bins lie, as NumPy chooses or refuses them."""
    first, last = (0, 1) if range is None and not np.size(a) else (np.min(a), np.max(a)) if range is None else range
    if first > last:
        raise ValueError("max must be larger than min in range parameter.")
    if not (np.isfinite(first) and np.isfinite(last)):
        raise ValueError(f"range of [{first}, {last}] is not finite")
    return (first - 0.5, last + 0.5) if first == last else (first, last)


def placed(a, edges):
    """The bin of each sample, counted from 1: 0 lies before the first and one more behind the last, which holds its right edge too."""
    return np.searchsorted(edges, a, side="right") - (a == edges[-1])


@word
def number_of_bins(a, bins, weights, *range):
    return len(np.histogram_bin_edges(a, bins, range or None, weights)) - 1


@word
def counted(a, bins, weights, *range):
    """The histogram in which nothing moves."""
    return np.histogram(a, bins, range or None, weights=weights)[0]


@word
def weighed(weights, a, bins, *range):
    """The sum of the weights in each bin, by NumPy; masks of weights count as numbers."""
    return np.histogram(a, bins, range or None, weights=weights * 1.0)[0]


def weighed_transpose(g, weights, a, bins, *range):
    k = placed(a, np.histogram_bin_edges(a, bins, range or None))
    outside = np.zeros(1, g.dtype)
    return getitem(np.concatenate([outside, g, outside]), k)


constant(number_of_bins, counted)
linear(weighed, weighed_transpose, live="moves")
linear(np.bincount, None, lambda g, x, weights=None, minlength=0: getitem(g, x), live="moves")


def edges_of(a, bins, range, n):
    """n bins between the ends, or the edges that were given."""
    if np.ndim(bins):
        return bins
    first, last = ends(a, range)
    dtype = np.result_type(*(b.dtype if hasattr(b, "dtype") else b for b in (first, last, a)))
    return np.linspace(first, last, n + 1, dtype=dtype if dtype.kind in "fc" else float)


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    a, bins, weights = map(joined, (a, bins, weights))
    return edges_of(a, bins, range, number_of_bins(a, bins, weights, *([] if range is None else range)))


def histogram(a, bins=10, range=None, density=None, weights=None):
    a, bins, weights = map(joined, (a, bins, weights))
    given = [] if range is None else range
    n = weighed(weights, a, bins, *given) if isinstance(weights, Traced) else counted(a, bins, weights, *given)
    edges = edges_of(a, bins, range, n.size)
    return (n / astype(np.diff(edges), float) / np.sum(n) if density else n), edges


composite(np.histogram_bin_edges, histogram_bin_edges)
composite(np.histogram, histogram)


# --- in several dimensions --------------------------------------------------------------------------------------------


def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """Each sample has a place along each axis, outliers too; together these make one place in a row."""
    coordinates = along_axes(sample)
    axes = len(coordinates)
    bins, ranges = (v if several(v) else (v,) * axes for v in (bins, range))
    if len(bins) != axes or len(ranges) != axes:
        raise ValueError("bins and range must have one entry per dimension of the sample.")
    edges = [edges_along(a, joined(b), r) for a, b, r in zip(coordinates, bins, ranges, strict=True)]
    shape = tuple(len(e) + 1 for e in edges)
    place = np.ravel_multi_index(tuple(map(placed, coordinates, edges)), shape)
    n = np.reshape(np.bincount(place, joined(weights), int(np.prod(shape))), shape)
    n = astype(n, float)[(slice(1, -1),) * axes]
    return density_of(n, edges) if density else n, edges


def along_axes(sample):
    """The coordinates of the samples, which stand in the rows of a matrix or are given as a list, one axis an entry."""
    rows = np.atleast_2d(joined(sample))
    return list(np.transpose(rows) if hasattr(sample, "shape") and len(sample.shape) == 2 else rows)


def several(v):
    return isinstance(v, list | tuple) or np.ndim(v) > 0


def edges_along(a, bins, range):
    if np.ndim(bins) > 1 or np.any(bins[:-1] > bins[1:] if np.ndim(bins) else bins < 1):
        raise ValueError("bins must be a positive integer, or edges that increase")
    return bins if np.ndim(bins) else np.linspace(*ends(a, range), operator.index(bins) + 1)


def density_of(n, edges):
    """Divided by the width along each axis, and by the sum."""
    total = np.sum(n)
    for k, e in enumerate(edges):
        n = n / np.reshape(np.diff(e), (-1,) + (1,) * (n.ndim - 1 - k))
    return n / total


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    bins = [joined(bins)] * 2 if several(bins) and len(bins) not in (1, 2) else bins
    n, edges = histogramdd([x, y], bins, range, density, weights)
    return n, *edges


composite(np.histogramdd, histogramdd)
composite(np.histogram2d, histogram2d)
