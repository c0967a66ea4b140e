"""The public functions of NumPy that have no row, each with the reason: what `MissingRuleError` says of it.

A test compares these with NumPy: every public function has a row or stands here, and none does both. Many never meet a traced
value, since they take none, or reach one only through `like=`. Names that some versions of NumPy lack are passed over there.
"""

import functools

import numpy as np

from wengert.rules.declare import not_yet

REASONS = {
    "it makes an array of plain numbers. Write np.zeros_like(x) or np.ones_like(x) with shape=, or leave out like=.": """
        arange empty eye fromfunction identity ones tri zeros bartlett blackman hamming hanning kaiser""",
    "it makes indices, which are integers. Leave out traced values.": """
        diag_indices indices mask_indices tril_indices triu_indices""",
    "it reads numbers from files, text, memory or iterators. Read them before, and leave out like=.": """
        from_dlpack frombuffer fromfile fromiter fromregex fromstring genfromtxt load loadtxt""",
    "it computes with a traced spacing as with any number, and needs no row.": """
        fft.fftfreq fft.rfftfreq""",
    "it writes a file. Give it wg.stop_gradient(x).": """
        save savetxt savez savez_compressed""",
    "it is about how an array lies in memory. Use x as it is, or np.copy(x).": """
        ascontiguousarray asfortranarray isfortran nested_iters require""",
    "it makes plain arrays or matrices. Use x as it is, and np.block([[x, y]]) for bmat.": """
        asarray_chkfinite asmatrix bmat""",
    "it writes numbers as text. Give it wg.stop_gradient(x).": """
        base_repr binary_repr format_float_positional format_float_scientific""",
    "it is about types, shapes and units. Give it x.dtype or x.shape.": """
        broadcast_shapes datetime_data isdtype issubdtype iterable mintypecode promote_types typename""",
    "it makes a function of Python objects. Call the Python function itself.": """
        frompyfunc""",
    "it is an older name of np.vstack or np.trapezoid, which it calls and which have one.": """
        row_stack trapz""",
    "it is about NumPy itself, and takes no arrays.": """
        get_include get_printoptions getbufsize geterr geterrcall info linalg.test fft.test printoptions set_printoptions setbufsize seterr
        seterrcall show_config show_runtime test""",
}


def functions(names):
    """Those that this NumPy has."""
    return (f for name in names.split() if (f := functools.reduce(lambda m, n: getattr(m, n, None), name.split("."), np)))


for reason, names in REASONS.items():
    not_yet(reason, *functions(names))
