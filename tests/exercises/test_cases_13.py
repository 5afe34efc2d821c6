import pytest
import torch

from featherweight.exercises import cases_13 as cases


@pytest.mark.parametrize("seed", range(5))
def test_fronts_have_ties_of_every_kind_and_a_corner_that_bends_inwards(seed):
    found = cases.fronts(seed)
    sizes, errors = found[0]["sizes"], found[0]["errors"]
    pairs = list(zip(sizes.tolist(), errors.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs) - 1
    assert len(set(sizes.tolist())) < len(set(pairs)) and len(set(errors.tolist())) < len(set(pairs))
    assert [len(case["sizes"]) for case in found[-3:-1]] == [1, 0]


@pytest.mark.parametrize("seed", range(5))
def test_in_pairs_each_network_is_right_once_where_the_other_is_not(seed):
    found = cases.pairs(seed)
    for case in found[:4]:
        dense, small = case["dense"], case["small"]
        assert (dense & ~small).any() and (small & ~dense).any() and (dense == small).any()
    means = [float(case["dense"].double().mean() - case["small"].double().mean()) for case in found]
    assert min(means) < 0 < max(means) and 0 in means


@pytest.mark.parametrize("seed", range(5))
def test_guesses_hold_two_levels_of_one_tenth_one_without_a_hit_and_a_single_one(seed):
    found = cases.guesses(seed)
    levels = found[0]["stated"].unique()
    assert len(levels) == 4 and len((levels * 10).floor().unique()) == 3
    shares = [
        [case["right"][case["stated"] == level].double().mean() for level in case["stated"].unique()] for case in found
    ]
    assert any(0 in case for case in shares)
    assert any((case["stated"] == level).sum() == 1 for case in found for level in case["stated"])
    assert len(found[-1]["stated"]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_every_rule_chooses_another_recipe(seed):
    """Validation or test, mean or least, within the budget or not: eight choices, all different."""
    for case in cases.recipes(seed)[:4]:
        sizes, budget = case["sizes"], case["budget"]
        chosen = set()
        for fits in (sizes <= budget, sizes > 0):
            for errors in (case["validation"].double(), case["test"].double()):
                for judged in (errors.mean(1), errors.min(1).values):
                    chosen.add(int(torch.where(fits, judged, torch.inf).argmin()))
        assert len(chosen) == 8
        assert len(sizes.unique()) == len(sizes) and (sizes <= budget).any()
