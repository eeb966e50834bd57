"""Usual range: the median ± 3 MAD of the last 28 values."""

from decimal import Decimal

from production.analysis.usual_range import UsualRange, median, usual_range


def values(*numbers: object) -> list[Decimal]:
    return [Decimal(str(n)) for n in numbers]


def test_usual_range_needs_ten_values():
    assert usual_range(values(*range(9))) is None
    assert usual_range(values(*range(100, 110))) is not None


def test_usual_range_is_median_and_three_mad():
    # median 100, deviations 5 5 4 3 2 1 0 1 2 3 4 → MAD 3, spread 9
    assert usual_range(values(95, 105, 96, 97, 98, 99, 100, 101, 102, 103, 104)) == UsualRange(
        Decimal(91), Decimal(109)
    )


def test_usual_range_one_odd_day_does_not_widen_it():
    calm = values(*[99, 100, 101] * 5)
    assert usual_range([*calm, Decimal(5000)]) == usual_range([*calm, Decimal(101)])


def test_usual_range_looks_at_the_last_28_only():
    assert usual_range(values(*[7] * 50, *[100, 102] * 14)) == usual_range(values(*[100, 102] * 14))


def test_usual_range_of_equal_values_is_that_value():
    same = usual_range(values(*[12.5] * 20))
    assert same == UsualRange(Decimal("12.5"), Decimal("12.5"))
    assert same.holds(Decimal("12.5")) and not same.holds(Decimal("12.6"))


def test_usual_range_with_no_median_deviation_uses_the_mean_one():
    mostly = usual_range(values(*[10] * 9, 20))
    assert mostly == UsualRange(Decimal(7), Decimal(13))  # mean deviation 1


def test_usual_range_goes_below_zero_only_when_signed():
    low = values(*[0, 1, 2, 3, 40] * 3)
    assert usual_range(low).low == 0
    assert usual_range(low, signed=True).low < 0


def test_median_of_an_even_count_is_the_mean_of_two():
    assert median(values(1, 2, 3, 10)) == Decimal("2.5")
