"""Comparisons, tests, indices and other answers that are not differentiable numbers."""

import operator

import numpy as np

from wengert.rules.declare import constant, spelled
from wengert.rules.row import joined


def lexsort(keys, axis=-1):
    """Keys in a list or tuple are rows of one array."""
    return np.lexsort(joined(keys), axis) if isinstance(keys, list | tuple) else NotImplemented


# fmt: off
constant(np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_not, np.logical_xor)
constant(np.isnan, np.isinf, np.isfinite, np.isneginf, np.isposinf)
constant(np.isreal, np.iscomplex, np.isrealobj, np.iscomplexobj, np.isscalar)
constant(np.allclose, np.isclose, np.array_equal, np.array_equiv, np.all, np.any)
constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin)
constant(np.argsort, np.argpartition, np.searchsorted, np.digitize)
constant(np.lexsort, definition=lexsort)
constant(np.argwhere, np.nonzero, np.flatnonzero, np.count_nonzero, np.isin)
constant(np.unravel_index, np.ravel_multi_index, np.einsum_path)
constant(np.tril_indices_from, np.triu_indices_from, np.diag_indices_from)
constant(np.shape, np.ndim, np.size, np.may_share_memory, np.shares_memory)
constant(np.result_type, np.can_cast, np.common_type, np.min_scalar_type)
constant(np.array_repr, np.array_str, np.array2string)

# of integers, bits and dates alone: of a traced value, which is neither, NumPy says so itself
constant(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift, np.bitwise_count)
constant(np.gcd, np.lcm, np.packbits, np.unpackbits)
constant(np.isnat, np.is_busday, np.busday_count, np.busday_offset, np.datetime_as_string)
if hasattr(np, "in1d"):  # until NumPy 2.3
    constant(np.in1d)  # noqa: NPY201
# fmt: on

spelled(np.all, np.logical_and.reduce)
spelled(np.any, np.logical_or.reduce)
spelled(np.less, operator.lt)
spelled(np.less_equal, operator.le)
spelled(np.equal, operator.eq)
spelled(np.not_equal, operator.ne)
spelled(np.greater, operator.gt)
spelled(np.greater_equal, operator.ge)
