"""What `explain` says is what substitution does."""

import functools
import math

import numpy as np

import wengert as wg

SCALE = 2.0


def helper(x):
    return math.sin(x) * SCALE


def setter(x):
    global SCALE
    SCALE = 3.0
    return x


class Model:
    def loss(self, x):
        return self.prepared(x)[0]

    def prepared(self, x):
        return np.zeros(2) + x


class Slotted:
    __slots__ = ()

    def loss(self, x):
        return np.zeros(2) + x


MODEL, SLOTTED, TABLE, PART = Model(), Slotted(), {"f": helper}, functools.partial(helper)


def program(x):
    kinds = [type(x) is float, x is complex]
    return np.sum(np.zeros(3)) + helper(x) + setter(x) + MODEL.loss(x) + SLOTTED.loss(x)[0] + TABLE["f"](x) + PART(x) + len(kinds)


def test_each_name_is_told():
    told = {(line.function, line.name): line.what for line in wg.explain(program)}
    assert told == {
        ("program", "np.zeros"): "replaced",
        ("program", "complex"): "left",
        ("program", "float"): "left",
        ("program", "type"): "replaced",
        ("program", "helper"): "reached",
        ("program", "setter"): "left",
        ("program", "MODEL"): "left",
        ("program", "SLOTTED"): "left",
        ("program", "TABLE"): "left",
        ("program", "PART"): "reached",
        ("helper", "math.sin"): "replaced",
    }


def test_it_reads_as_text_and_gives_reasons():
    text = str(wg.explain(program))
    assert "program:" in text and "it sets a global name" in text and "wg.rewrite" in text and "compared" in text


def test_it_looks_through_what_is_made_from_a_function():
    for f in (wg.grad(helper), functools.partial(helper), MODEL.loss):
        assert any(line.what == "replaced" for line in wg.explain(f))
    assert str(wg.explain(np.sin)) == "nothing is replaced"
