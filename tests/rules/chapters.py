"""Chapters: a file of rows, and the samples that prove them.

    CHAPTER = Chapter("numpy.exponential", elementwise="exp log sin", calls=[call(np.sum, real(2, 3), axis=1)])

Elementwise rows prove themselves, with operands from their `domain`; so do operators, with the samples of the functions they spell.
All else has a table of calls in its chapter's test file. What a chapter must hold is listed there, and nowhere taken from the rows.
"""

import inspect
import operator
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tests.rules.laws import example, keywords_are_right_or_refused, laws_of, prove
from tests.rules.samples import Draw, Sample, domains, inexact, named

from wengert.rules.declare import ROWS, row_of
from wengert.rules.row import Row
from wengert.rules.verbs import Constant, Elementwise, Fresh


@dataclass(frozen=True)
class Chapter:
    """A module of `wengert.rules`, what it must declare, and the calls that prove it."""

    name: str
    elementwise: str = ""  # the names of the functions that are proved by their domain
    calls: list[Sample] = field(default_factory=list)
    also: list[Sample] = field(default_factory=list)  # more calls, of functions whose row is made when they are called
    library: ModuleType = np

    @property
    def rows(self) -> dict[Any, Row]:
        """The functions whose row stands here, spellings included; but those of `math`, which take no arrays, are proved with float."""
        import_module(f"wengert.rules.{self.name}")  # chapters that wait for their library
        here = {f: row for f, row in ROWS.items() if row.where.split(":")[0] == f"wengert.rules.{self.name}"}
        return {f: row for f, row in here.items() if getattr(f, "__module__", None) != "math"}

    @property
    def listed(self) -> dict[Any, Row | None]:
        """The functions that must have a row here, and the one that they have."""
        functions = [getattr(self.library, name) for name in self.elementwise.split()] + [sample.f for sample in self.calls]
        return {f: ROWS.get(f) for f in functions}

    def samples(self) -> list[Sample]:
        tabled = {sample.f for sample in self.calls}
        better = {sample.f for sample in self.calls if sample.auto}
        drawn = [sample for f, row in self.rows.items() if f not in better for sample in by_domain(f, row, tabled)]
        known = [sample for sample in self.calls + self.also if has_row(sample.f)]
        called = {sample.f for sample in drawn + known}
        return [*drawn, *known, *(sample for f in self.rows if f not in called for sample in spelled_samples(f, known))]

    def proofs(self) -> list[Any]:
        """(law, sample) for each sample, as parameters of a test."""
        return [pytest.param(law, s, id=f"{s}-{law.__name__}") for s in self.samples() for law in laws_of(s)]

    def with_keywords(self) -> list[Any]:
        """For each function one of its samples, with each keyword that it takes besides."""
        first = {sample.f: sample for sample in reversed(self.samples()) if not isinstance(sample.row, Constant | Fresh)}
        samples = [sample for f in first.values() for sample in keyword_samples(f)]
        return [pytest.param(sample, id=str(sample)) for sample in samples]

    def complaints(self) -> list[str]:
        """What has no row, no sample, or stands in the wrong chapter."""
        proved, here, listed = {sample.f for sample in self.samples()}, self.rows, self.listed
        missing = [f"{named(f)} has no row" for f, row in listed.items() if row is None]
        strays = [f"{named(f)} is declared at {row.where}" for f, row in listed.items() if row is not None and f not in here]
        unproved = [f"{named(f)} has no sample: add a call to the table" for f in here if f not in proved]
        spellings = {f for f in here if is_operator(f)}
        unlisted = [f"{named(f)} is not listed in this chapter's test" for f in here if f not in listed and f not in spellings]
        return missing + strays + unproved + unlisted


class Proofs:
    """The tests of a chapter: `class TestRows(Proofs): chapter = CHAPTER`. Their samples come by tests/rules/conftest.py."""

    chapter: Chapter

    def test_law(self, law, sample):
        prove(law, sample)

    def test_every_row_is_proved_and_stands_in_its_chapter(self):
        complaints = self.chapter.complaints()
        assert not complaints, "\n".join(complaints)


class KeywordProofs(Proofs):
    """The same for a chapter whose functions take keywords."""

    def test_keywords(self, keyword_sample):
        prove(keywords_are_right_or_refused, keyword_sample)


def has_row(f: Any) -> bool:
    try:
        return bool(row_of(f))
    except NotImplementedError:
        return False


def is_operator(f: Any) -> bool:
    return getattr(f, "__module__", "") == operator.add.__module__ or f is divmod


def by_domain(f: Any, row: Row, tabled: set[Any]) -> Iterator[Sample]:
    """A call with operands from the row's domain; an operand without partial is drawn and held, unless a table says better."""
    if isinstance(row, Elementwise) and (None not in row.partials or f not in tabled):
        pairs = zip(domains(row), row.partials, strict=True)
        yield Sample(f, tuple(Draw((2, 3), *d, active=p is not None) for d, p in pairs), {}, auto=True)
    elif isinstance(row, Constant) and isinstance(row.f, np.ufunc) and (f is row.f or is_operator(f)):
        yield Sample(f, tuple(Draw((2, 3)) for _ in range(row.f.nin)), {})


def spelled_samples(f: Any, known: list[Sample]) -> Iterator[Sample]:
    """For an operator, the calls of the function that it spells."""
    if is_operator(f):
        yield from (replace(sample, f=f) for sample in known if sample.row is ROWS[f] and not sample.kwargs)


def keyword_samples(sample: Sample) -> Iterator[Sample]:
    """The sample with one more keyword, for each that its function knows and that NumPy takes there."""
    full = example(sample)
    plain = result(full)
    for name in signature(sample.f):
        for value in KEYWORDS.get(name, ()):
            given = value(full.args, plain) if callable(value) and not isinstance(value, type) else value
            kwargs = sample.kwargs | {name: given}
            if name not in sample.kwargs and is_taken(replace(full, kwargs=full.kwargs | {name: given})):
                yield replace(sample, kwargs=kwargs)


def signature(f: Any) -> list[str]:
    try:
        return list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return []


def is_taken(full: Sample) -> bool:
    """Whether NumPy takes the plain call, without a word of warning."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return bool(inexact(result(full)))
    except Exception:
        return False


def result(full: Sample) -> Any:
    return (full.via or full.f)(*full.args, **full.kwargs)


def some(args: Any, plain: Any) -> Any:
    """A mask of the first operand: not all, and not none of a lane."""
    shape = np.shape(args[0])
    return np.arange(int(np.prod(shape))).reshape(shape) % 3 != 1


KEYWORDS: dict[str, tuple[Any, ...]] = {
    "axis": (0, -1, (0, 1)),
    "axes": ((1, 0), (0, 1)),
    "axisa": (0,),
    "axisc": (0,),
    "base": (3.0,),
    "bias": (True,),
    "casting": ("unsafe",),
    "compute_uv": (False,),
    "copy": (True, False),
    "correction": (1,),
    "ddof": (1,),
    "decimals": (1,),
    "deg": (True,),
    "discont": (4.0,),
    "dtype": (complex, np.longdouble, np.float32),
    "edge_order": (2,),
    "endpoint": (False,),
    "full_matrices": (False,),
    "hermitian": (True,),
    "include_initial": (True,),
    "indexing": ("ij",),
    "initial": (1.5,),
    "k": (1, -1),
    "keepdims": (True,),
    "kind": ("stable",),
    "left": (0.5,),
    "max": (1.0,),
    "mean": (lambda args, plain: np.full((1,) * np.ndim(args[0]), 0.5),),
    "method": ("nearest", "weibull", "closest_observation"),
    "min": (-1.0,),
    "minlength": (7,),
    "mode": ("wrap", "clip", "edge", "same", "r", "linear_ramp", "mean"),
    "n": (2,),
    "nan": (1.0,),
    "norm": ("ortho", "forward"),
    "offset": (1,),
    "optimize": (True,),
    "ord": (1, np.inf, 3),
    "order": ("F", "A", "K"),
    "out": (lambda args, plain: np.zeros_like(plain),),
    "p": (1,),
    "period": (5.0,),
    "prepend": (1.0,),
    "rcond": (1e-3,),
    "reflect_type": ("odd",),
    "retstep": (True,),
    "returned": (True,),
    "right": (0.5,),
    "rowvar": (False,),
    "rtol": (1e-3,),
    "s": ((3, 2),),
    "shape": ((6,),),
    "sparse": (True,),
    "stable": (True,),
    "subok": (False,),
    "to_begin": (1.0,),
    "to_end": (1.0,),
    "trim": ("f",),
    "UPLO": ("U",),
    "upper": (True,),
    "weights": (lambda args, plain: 1.0 + np.arange(np.size(args[0])).reshape(np.shape(args[0])),),
    "where": (some,),
}
"""Values for the keywords of NumPy's functions; functions of (args, result)."""
