import pytest
import torch

from featherweight.compression.lottery import find_ticket
from featherweight.exercises import cases_06 as cases
from featherweight.exercises import probes


@pytest.mark.parametrize("seed", range(5))
def test_no_count_is_exactly_one_half(seed):
    """Rounding half up, half down and half to even are all right: the cases must not tell them apart."""
    counts = [case["fraction"] * sum(int(mask.sum()) for mask in case["masks"]) for case in cases.rounds(seed)]
    counts += [case["keep"] * score.numel() for case in cases.networks(seed) for score in case["scores"]]
    for case in cases.loops(seed):
        left = len(case["start"])
        for _ in range(case["rounds"]):
            counts.append(case["fraction"] * left)
            left -= round(counts[-1])
    assert all(abs(count % 1 - 0.5) > 0.01 for count in counts)


@pytest.mark.parametrize("seed", range(5))
def test_sizes_are_distinct(seed):
    for case in cases.rounds(seed):
        sizes = torch.cat([weight[mask].abs() for weight, mask in zip(case["trained"], case["masks"], strict=True)])
        assert len(sizes.unique()) == len(sizes)


@pytest.mark.parametrize("seed", range(5))
def test_training_in_the_loops_stays_bounded(seed):
    for case in cases.loops(seed):
        trained = []

        def watched(weight, train, *rest, trained=trained):
            def spy(weight, mask, velocity):
                train(weight, mask, velocity)
                trained.append(weight.abs().max())

            return find_ticket(weight, spy, *rest)

        probes.find_by_momentum(watched, **case)
        assert max(trained) < 100
