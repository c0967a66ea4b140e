"""Nothing of NumPy is forgotten: each public function has a row, or stands in not_yet.py with a reason."""

import functools
import re

import numpy as np
import pytest

import wengert as wg
from wengert.errors import MissingRuleError
from wengert.rules.declare import NOT_YET, row_of
from wengert.rules.numpy.not_yet import REASONS

NAMESPACES = {"": np, "linalg.": np.linalg, "fft.": np.fft}
LISTED = " ".join(REASONS.values()).split()
SOMETIMES = {"row_stack", "trapz"}  # only in some versions of NumPy


def public():
    """The functions and ufuncs that users may call, by name."""
    for prefix, module in NAMESPACES.items():
        for name in dir(module):
            f = getattr(module, name)
            if callable(f) and not name.startswith("_") and not isinstance(f, type):
                yield prefix + name, f


PUBLIC = dict(public())


def named(name):
    """np.linalg.solve for linalg.solve, None if this NumPy has no such thing."""
    return functools.reduce(lambda module, part: getattr(module, part, None), name.split("."), np)


def has_row(f):
    try:
        return row_of(f) is not None
    except MissingRuleError:
        return False


def test_every_public_function_has_a_row_or_a_reason():
    assert len(PUBLIC) > 350
    assert not [name for name, f in PUBLIC.items() if not has_row(f) and f not in NOT_YET]


def test_no_function_has_both():
    assert not [name for name, f in PUBLIC.items() if has_row(f) and f in NOT_YET]


def test_the_reasons_are_of_public_functions_each_named_once():
    assert {name for name in LISTED if name not in PUBLIC} <= SOMETIMES
    assert len(LISTED) == len(set(LISTED))
    assert set(NOT_YET) & set(PUBLIC.values()) == {PUBLIC[name] for name in LISTED if name in PUBLIC}


OUT_OF_REACH = [np.require]


@pytest.mark.parametrize(
    "f",
    [lambda x: np.save("never", x), lambda x: np.zeros(2, like=x), lambda x: OUT_OF_REACH[0](x, like=x)],
    ids=["save", "zeros", "require"],
)
def test_an_error_says_the_reason(f):
    reasons = "|".join(re.escape(reason) for reason in REASONS)
    with pytest.raises(MissingRuleError, match=f"numpy.*has no derivative rule: ({reasons})"):
        wg.vjp(f, np.ones(2))


# --- against others ---------------------------------------------------------------------------------------------------

# What HIPS autograd 1.9 differentiates, or knows to be constant.
AUTOGRAD = """
    add subtract multiply divide true_divide power pow mod remainder negative reciprocal square sqrt abs absolute fabs maximum
    minimum fmax fmin clip logaddexp logaddexp2 arctan2 atan2 exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin asin arccos
    acos arctan atan sinh cosh tanh arcsinh asinh arccosh acosh arctanh atanh sinc deg2rad radians rad2deg degrees real imag
    conj conjugate angle real_if_close sum mean prod var std max min amax amin cumsum trace reshape ravel transpose permute_dims
    swapaxes moveaxis rollaxis roll squeeze expand_dims broadcast_to atleast_1d atleast_2d atleast_3d repeat tile pad flipud
    fliplr rot90 split array_split hsplit vsplit dsplit concatenate stack vstack hstack column_stack append array full linspace
    select where diag diagonal triu tril sort partition nan_to_num dot matmul inner outer tensordot einsum kron cross diff
    gradient hypot astype linalg.det linalg.slogdet linalg.inv linalg.pinv linalg.solve linalg.cholesky linalg.eigh linalg.eig
    linalg.svd linalg.norm all allclose any argmax argmin argpartition argsort argwhere around array_equal array_equiv ceil
    count_nonzero empty_like equal fix flatnonzero floor floor_divide full_like greater greater_equal isclose iscomplex
    iscomplexobj isfinite isinf isnan isneginf isposinf isreal isscalar less less_equal logical_and logical_not logical_or
    logical_xor ndim nonzero not_equal ones_like result_type rint round searchsorted shape sign size trunc zeros_like"""

# What JAX 0.12 adds to these.
JAX = """
    apply_along_axis average bincount block broadcast_arrays cbrt choose compress convolve copysign corrcoef correlate cov
    cumprod cumulative_prod cumulative_sum delete diagflat dstack ediff1d extract fill_diagonal flip float_power frexp geomspace
    heaviside histogram i0 insert interp ldexp logspace matrix_transpose matvec median meshgrid modf nancumprod nancumsum nanmax
    nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar nextafter percentile piecewise poly polyadd
    polyder polydiv polyfit polyint polymul polysub polyval positive ptp put put_along_axis quantile resize roots take
    take_along_axis trapezoid trim_zeros unstack unwrap vander vdot vecdot vecmat apply_over_axes asarray concat copy divmod
    fmod intersect1d setdiff1d setxor1d union1d unique unique_all unique_counts unique_inverse unique_values place sort_complex
    spacing histogram2d histogramdd histogram_bin_edges linalg.cond linalg.eigvals linalg.eigvalsh linalg.lstsq
    linalg.matrix_norm linalg.matrix_power linalg.multi_dot linalg.qr linalg.svdvals linalg.cross linalg.diagonal linalg.matmul
    linalg.outer linalg.tensordot linalg.tensorinv linalg.tensorsolve linalg.trace linalg.vecdot linalg.vector_norm"""


@pytest.mark.parametrize("names", [AUTOGRAD, JAX], ids=["autograd", "JAX"])
def test_what_others_differentiate_has_a_row(names):
    functions = {name: f for name in names.split() if (f := named(name)) is not None}
    assert len(functions) > 0.95 * len(names.split())
    assert not [name for name, f in functions.items() if not has_row(f)]
