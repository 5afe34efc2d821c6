import pytest

from featherweight.exercises import cases_02 as cases


@pytest.mark.parametrize("seed", range(5))
def test_no_two_examples_are_alike_and_two_seeds_of_three_are(seed):
    for case in cases.epochs(seed):
        rows = case["inputs"].reshape(len(case["labels"]), -1)
        assert len(rows.unique(dim=0)) == len(rows)
        first, second, again = case["seeds"]
        assert first == again != second


@pytest.mark.parametrize("seed", range(5))
def test_slopes_at_zero_lie_on_both_sides_of_the_price(seed):
    at_zero = [
        (abs(slope), case["price"])
        for case in cases.slopes(seed)
        for x, slope in zip(case["x"].flatten().tolist(), case["smooth_gradient"].flatten().tolist(), strict=True)
        if x == 0
    ]
    assert any(slope < price for slope, price in at_zero)
    assert any(slope > price > 0 for slope, price in at_zero)
