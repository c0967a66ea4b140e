"""Distribution functions and their inverses."""

import numpy as np
from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real

UNIT = real(2, 3, low=0.1, high=0.9)

CHAPTER = Chapter(
    "scipy.special.statistics",
    library=special,
    elementwise="""
        gdtr gdtrc gdtrix gdtria chdtr chdtrc chdtri pdtr pdtrc stdtr stdtrit fdtr fdtrc fdtri
        chndtr chndtrix chndtrinc ncfdtr ncfdtri nctdtr nctdtrit nrdtrimn nrdtrisd tklmbda kolmogorov kolmogi
    """,
    calls=[
        call(special.pdtri, np.array([[0], [2]]), UNIT),
        *(call(f, np.array([[0], [2]]), 5, UNIT) for f in (special.bdtr, special.bdtrc, special.bdtri)),
        *(call(f, np.array([[0], [2]]), 3, UNIT) for f in (special.nbdtr, special.nbdtrc, special.nbdtri)),
        *(
            call(f, np.array([[1], [6]]), real(2, 3, low=0.05, high=0.6))
            for f in (special.smirnov, special._smirnovp, special.smirnovi)
        ),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
