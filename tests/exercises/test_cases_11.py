from itertools import pairwise, product

import pytest
import torch

from featherweight.compression.sequences import sequence_level_targets
from featherweight.exercises import cases_11 as cases

SEEDS = pytest.mark.parametrize("seed", range(5))


@SEEDS
def test_logits_are_tied_for_the_largest_and_below_zero_and_there_may_be_none(seed):
    found = [case["logits"] for case in cases.logits(seed)]
    tied = [(each == each.amax(1, keepdim=True)).sum(1).max() > 1 for each in found if each.numel()]
    assert sum(map(bool, tied)) == 1
    assert any(each.numel() and (each < 0).all() for each in found)
    assert {0, 1} <= {len(each) for each in found}


@SEEDS
def test_students_are_softened_above_and_below_one_and_differ_from_their_teachers(seed):
    found = cases.pairs(seed)
    heats = {case["temperature"] for case in found}
    assert min(heats) < 1 < max(heats) and 1.0 in heats and found[0]["temperature"] > 1
    assert sum(torch.equal(case["student"], case["teacher"]) for case in found) == 1
    spreads = [case["student"].amax(1) - case["student"].amin(1) for case in found]
    assert max(float(spread.max()) for spread in spreads) / 1.5 > 745  # exp(−745) is 0 in float64


@SEEDS
def test_labels_are_there_for_all_for_some_and_for_none(seed):
    shares = [float((case["labels"] >= 0).double().mean()) for case in cases.labelled(seed)]
    assert {0.0, 1.0} < set(shares)
    for case in cases.labelled(seed):
        assert case["labels"].dtype == torch.int64 and len(case["labels"]) == len(case["student"])
        assert int(case["labels"].max()) < case["student"].shape[1]
    weights = [case["weight"] for case in cases.labelled(seed)]
    assert {0.0, 1.0} < set(weights) and 0.5 not in weights


@SEEDS
def test_networks_are_alike_at_first_and_then_differ_and_inputs_may_be_pictures(seed):
    found = cases.networks(seed)
    alike = [[a.shape == b.shape for a, b in zip(case["student"], case["teacher"], strict=True)] for case in found]
    assert all(alike[0]) and not all(map(all, alike))
    assert {case["inputs"].dim() for case in found} == {2, 4}
    assert {1} < {len(case["directions"]) for case in found} and {1} < {len(case["inputs"]) for case in found}
    for case in found:
        assert case["directions"].shape[1:] == (len(case["inputs"]), len(case["student"][1]))


def score(case, sequence):
    start, transitions = case["start"].double(), case["transitions"].double()
    return start[sequence[0]] + sum(transitions[i, j] for i, j in pairwise(sequence))


@SEEDS
def test_two_chains_have_a_better_sequence_than_the_one_that_their_width_finds(seed):
    """Oracle: all sequences, tried one by one."""
    missed = 0
    for case in cases.writers(seed):
        if len(case["start"]) ** case["length"] > 1100 or case["width"] > 2:
            continue
        every = product(range(len(case["start"])), repeat=case["length"])
        best = max(score(case, sequence) for sequence in every)
        missed += bool(best > score(case, sequence_level_targets(**case).tolist()) + 1e-6)
    assert missed >= 1


@SEEDS
def test_scores_that_compete_are_equal_exactly_or_clearly_apart(seed):
    """Whoever adds up in another order, or in another precision within a step, must find the same ranking."""
    for case in cases.writers(seed):
        start, transitions, width = case["start"].double(), case["transitions"].double(), case["width"]
        ranking = [(float(total), [symbol]) for symbol, total in enumerate(start)]
        for place in range(case["length"]):
            ranking.sort(key=lambda each: -each[0])
            scores = torch.tensor([total for total, _ in ranking[: width + 1]])
            gaps = (scores[:-1] - scores[1:])[scores[1:].isfinite()]
            assert ((gaps == 0) | (gaps > 1e-5)).all()
            if place < case["length"] - 1:
                ranking = [
                    (total + float(step), [*sequence, symbol])
                    for total, sequence in ranking[:width]
                    for symbol, step in enumerate(transitions[sequence[-1]])
                ]
        assert torch.isfinite(torch.tensor(ranking[0][0]))


@SEEDS
def test_chains_write_one_symbol_and_several_and_some_have_equal_scores(seed):
    found = cases.writers(seed)
    assert {1} < {case["length"] for case in found} and {1} < {case["width"] for case in found}
    assert any(len(case["start"]) == 1 for case in found)
    assert any((case["transitions"] == -torch.inf).any() for case in found)
    assert any(case["width"] >= len(case["start"]) ** case["length"] for case in found)
    assert sum(len(case["transitions"].unique()) <= 3 for case in found) >= 4


@SEEDS
def test_a_teacher_in_training_mode_would_say_something_else(seed):
    """The averages that a teacher holds are unlike those of the inputs, which have three examples or more."""
    found = cases.lessons(seed)
    shapes = [[tensor.shape for tensor in case[whose]] for case in found for whose in ("student", "teacher")]
    assert shapes[0] == shapes[1] and shapes[2] != shapes[3]
    for case in found:
        hidden, _, _, _, means, _ = case["teacher"]
        assert len(case["inputs"]) >= 3
        assert ((case["inputs"] @ hidden.T).mean(0) - means).abs().max() > 0.1
    assert any(case["temperature"] == 1 for case in found) and found[0]["temperature"] > 1
