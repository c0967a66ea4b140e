"""Arithmetic, powers, signs, extrema and complex parts."""

import numpy as np
from tests.rules.chapters import Chapter, KeywordProofs
from tests.rules.samples import call, positive, real, since, turned

from wengert.rules.numpy.arithmetic import turning
from wengert.rules.vocabulary import as_array, as_python, over

MASK = np.array([[True, False, True], [False, True, True]])
WHOLE = np.array([[2, -1, 0], [1, 3, -2]])

CHAPTER = Chapter(
    "numpy.arithmetic",
    elementwise="add subtract multiply divide negative positive reciprocal mod fmod square sqrt cbrt absolute fabs copysign"
    " nextafter heaviside maximum minimum fmax fmin real imag angle power clip floor ceil trunc rint sign floor_divide signbit spacing",
    calls=[
        call(over, real(2, 3), positive(2, 3)),
        call(as_python, real()).but(without=("keeps_dtype",)),  # Python has one float
        call(as_python, real(2, 3)),
        call(as_array, real()),
        call(as_array, real(2, 3)),
        call(np.conjugate, real(2, 3)),
        call(np.angle, positive(2, 3), deg=True),
        call(np.ldexp, real(2, 3), WHOLE),
        call(np.frexp, real(2, 3, low=0.55, high=0.95)),
        call(np.modf, real(2, 3, low=0.1, high=0.9)),
        call(np.modf, real(2, 3, low=-1.9, high=-1.1)),
        call(np.float_power, positive(2, 3), real(2, 3)),
        call(np.divmod, real(2, 3, low=2.7, high=3.4), real(2, 3, low=1.2, high=1.3)),
        call(divmod, real(2, 3, low=2.7, high=3.4), real(2, 3, low=1.2, high=1.3)),
        call(np.round, real(2, 3, low=0.01, high=0.04), 1),
        call(np.around, real(2, 3, low=0.01, high=0.04), decimals=1),
        call(np.fix, real(2, 3, low=-1.9, high=-1.1)),
        call(turning, turned(2, 3)),
        call(np.sign, turned(2, 3)),  # z / |z|: not constant
        # a constant operand
        call(np.power, real(2, 3), 3.0),
        call(np.power, real(2, 3), 2),
        call(np.power, real(2, 3), WHOLE),
        call(np.power, positive(2, 3), -0.5),
        call(np.power, 2.0, real(2, 3)),
        call(np.multiply, real(2, 3), np.array([1.0, 2.0, 3.0])),
        call(np.divide, 2.0, positive(2, 3)),
        call(np.maximum, real(2, 3), 0.1),
        # clip, in all its spellings
        call(np.clip, real(2, 3), -1.0, 1.0),
        call(np.clip, real(2, 3), None, 1.0),
        call(np.clip, real(2, 3), -1.0, None),
        call(np.clip, real(2, 3), a_min=-1.0, a_max=real(3)),
        *since("2.1.0", lambda: [call(np.clip, real(2, 3), min=real(3, low=-1, high=-0.5), max=1.0)]),
        call(np.clip, real(2, 3), 1.0, -1.0),
        # what ufuncs take besides operands
        call(np.sqrt, real(2, 3, low=-3, high=-0.2), dtype=complex),
        call(np.multiply, real(2, 3), real(3), where=MASK, out=None, then=lambda y: y[MASK]),
        call(np.add, real(2, 3), real(3), dtype=np.longdouble, casting="same_kind"),
    ],
)


class TestRows(KeywordProofs):
    chapter = CHAPTER
