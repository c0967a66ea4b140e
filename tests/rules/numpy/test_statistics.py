"""Averages, variances, order statistics, and the forms that leave NaN out."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, positive, real

MASK = np.array([[True, False, True], [False, True, True]])
NAN = np.array([[False, False, True, False], [False, False, False, True]])
HOLED = real(2, 4, form=lambda x: np.where(NAN, np.nan, x))  # with NaN in places
CUBE = real(2, 3, 2)
ORDERED = False  # complex numbers have NumPy's lexicographic order, in which no two differences settle


def forms(f, x=CUBE, **options):
    return [call(f, x, **options), call(f, x, axis=1, **options), call(f, x, axis=(0, -1), keepdims=True, **options)]


CHAPTER = Chapter(
    "numpy.statistics",
    calls=[
        *forms(np.var),
        call(np.var, real(2, 3), axis=1, ddof=1),
        call(np.var, real(2, 3), axis=1, where=MASK),
        call(np.var, real(2, 3), axis=1, mean=real(2, 1), keepdims=True),
        *forms(np.std),
        call(np.std, real(2, 3), axis=0, ddof=1, keepdims=True),
        call(np.std, real(2, 3), axis=1, where=MASK),
        call(np.std, real(2, 3), correction=1),
        call(np.average, real(2, 3), axis=0),
        call(np.average, real(2, 3), weights=positive(2, 3)),
        call(np.average, real(2, 3), 1, positive(3), keepdims=True),
        call(np.average, real(2, 3), axis=1, weights=positive(3), returned=True),
        call(np.average, real(2, 3), axis=0, returned=True),
        call(np.cov, real(2, 5)),
        call(np.cov, real(5)),
        call(np.cov, real(5, 2), rowvar=False, bias=True),
        call(np.cov, real(2, 5), real(2, 5), ddof=0),
        call(np.cov, real(2, 5), fweights=np.array([1, 2, 1, 3, 1]), aweights=np.array([1.0, 0.5, 2.0, 1.0, 1.5])),
        call(np.corrcoef, real(3, 5)),
        call(np.corrcoef, real(5), real(5)),
        call(np.corrcoef, real(5, 2), rowvar=False),
        *forms(np.ptp),
        *forms(np.median),
        call(np.median, real(5)),
        call(np.quantile, real(5), 0.3),
        call(np.quantile, real(2, 6), np.array([0.25, 0.7]), axis=1),
        call(np.quantile, real(2, 6), [0.25, 0.7], axis=1, keepdims=True),
        call(np.quantile, real(2, 3, 2), 0.6, axis=(0, 2)),
        call(np.quantile, real(5), real(2, low=0.3, high=0.45)),
        *(
            call(np.quantile, real(7), 0.4, method=method)
            for method in [
                "lower",
                "higher",
                "nearest",
                "midpoint",
                "hazen",
                "weibull",
                "median_unbiased",
                "normal_unbiased",
                "interpolated_inverted_cdf",
            ]
        ),
        call(np.percentile, real(2, 4), 30, axis=0),
        call(np.percentile, real(5), [10.0, 80.0]),
        call(np.nanquantile, HOLED, 0.3, axis=1),
        call(np.nanpercentile, HOLED, [20, 60]),
        *forms(np.nanmedian, HOLED)[:2],
        *forms(np.nansum, HOLED)[:2],
        *forms(np.nanprod, HOLED)[:2],
        *forms(np.nanmax, HOLED)[:2],
        *forms(np.nanmin, HOLED)[:2],
        *forms(np.nanmean, HOLED)[:2],
        call(np.nanmean, HOLED, axis=(0, 1), keepdims=True),
        *forms(np.nanvar, HOLED)[:2],
        call(np.nanvar, HOLED, axis=1, ddof=1, keepdims=True),
        *forms(np.nanstd, HOLED)[:2],
        call(np.nancumsum, HOLED, axis=1),
        call(np.nancumprod, HOLED),
        call(np.nansum, real(2, 3), axis=1, where=MASK, initial=1.0),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
