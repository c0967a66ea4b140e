"""Rows of the tour: when numbers agree, and how they are shown."""

import numpy as np
import pytest

from wengert.tour.report import FLOAT32, Row, digits, quietly, timed


def test_a_row_agrees_within_its_tolerance():
    assert Row.of("x", "1.5", 1.5, "paper").agrees
    assert Row.of("x", 1.0, 1.0 + 1e-15, "paper").agrees
    assert not Row.of("x", 1.0, 1.0 + 1e-12, "paper").agrees
    assert Row.of("x", "0.1", 0.1 * (1 + FLOAT32 / 2), "paper", rtol=FLOAT32).agrees
    assert not Row.of("x", ("1", "2"), (1.0, 2.001), "paper", rtol=[1.0, 1e-6]).agrees
    assert not Row.of("x", 0.0, 1e-20, "paper").agrees
    assert Row.of("x", 0.0, 1e-20, "paper", atol=1e-19).agrees


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_no_number_never_agrees(wrong):
    assert not Row.of("x", "1.5", wrong, "paper").agrees
    assert not Row.at_most("x", 1.0, wrong, "paper").agrees


def test_every_number_counts():
    ours = np.ones(100)
    ours[57] += 1e-3
    row = Row.of("x", np.ones(100), ours, "paper")
    assert not row.agrees
    assert (row.known, row.ours) == ("100 numbers", "differ by 1.0e-03")
    with pytest.raises(ValueError, match="100 numbers are known, 1 came out"):
        Row.of("x", np.ones(100), 1.0, "paper")


def test_published_digits_are_shown_as_they_were_printed():
    row = Row.of("x", ("5.9772587", "0"), (5.977258756447682, 6.123e-17), "paper", rtol=FLOAT32, atol=1e-16)
    assert row.known == "5.9772587\n0"
    assert row.ours == "5.977258756\n6.1e-17"
    assert Row.of("x", "0.891939538826372", 0.891939538826372, "paper").ours == "0.891939538826372"


def test_a_bound():
    assert Row.at_most("x", 0.01, 0.01, "paper").agrees
    assert not Row.at_most("x", 0.01, 0.0101, "paper").agrees


@pytest.mark.parametrize(
    ("text", "count"), [("5.9772587", 8), ("-6.876e-8", 4), ("0.8", 1), ("0.0012", 2), ("33", 2), (0.1, 1), ("0", 0)]
)
def test_digits_are_counted_from_the_first_that_matters(text, count):
    assert digits(text) == count


def test_a_time_is_a_median_and_one_call_is_enough():
    calls = []
    result, seconds = timed(lambda x: calls.append(x) or x, 3, budget=0.001)
    assert result == 3 and seconds > 0 and len(calls) >= 1
    calls.clear()
    timed(calls.append, 1, budget=0.0)
    assert calls == [1]


def test_quietly_is_the_thing_itself():
    steps = [1, 2]
    assert quietly(steps, "work") is steps
