"""Elliptic integrals and functions."""

from scipy.special import _ufuncs as special
from tests.rules.chapters import Chapter, Proofs
from tests.rules.samples import call, real

CHAPTER = Chapter(
    "scipy.special.elliptic",
    library=special,
    elementwise="""
        elliprc elliprf elliprg elliprd elliprj ellipk ellipkm1 ellipe ellipkinc ellipeinc ellipj agm
    """,
    calls=[
        call(special.ellipkinc, real(3, low=2.0, high=9.0), real(3, low=0.1, high=0.9)),
        call(special.ellipeinc, real(3, low=2.0, high=9.0), real(3, low=0.1, high=0.9)),
    ],
)


class TestRows(Proofs):
    chapter = CHAPTER
