from itertools import pairwise

import pytest
import torch

from featherweight.exercises import cases_07 as cases


@pytest.mark.parametrize("seed", range(5))
def test_gradients_nearly_cancel_over_the_batches(seed):
    """Else averaging before squaring would be nearly right."""
    several = [case["gradients"] for case in cases.gradients_by_batch(seed) if len(case["gradients"]) > 1][:5]
    assert all(g.mean(0).norm() < 0.2 * g.norm(dim=0).max() for g in several)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("draw", [cases.pairs, cases.normed_pairs])
def test_something_stays_and_the_first_neuron_goes(seed, draw):
    """Where all stay nothing is deleted: one case of each kind. Everywhere else the kept ones are not the first."""
    keeps = [case["keep"] for case in draw(seed)]
    assert all(keep.any() for keep in keeps)
    assert sum(bool(keep.all()) for keep in keeps) == 1
    assert not any(keep[0] for keep in keeps if not keep.all())


def test_deleted_biases_have_both_signs():
    gone = [case["bias"][~case["keep"]] for case in cases.pairs(0)]
    assert all((bias > 0).any() for bias in gone if len(bias))
    assert any((bias < 0).any() for bias in gone)


@pytest.mark.parametrize("seed", range(5))
def test_times_cross_once_twice_never_and_always(seed):
    kinds = set()
    for case in cases.crossings(seed):
        above = [ms > case["dense_ms"] for ms in case["csr_ms"]]
        crossed = sum(one != other for one, other in pairwise(above))
        kinds.add({0: "never" if above[0] else "always", 1: "once", 3: "twice more"}[crossed])
        assert all(abs(ms - case["dense_ms"]) > 1e-4 for ms in case["csr_ms"])  # equal times are nobody's trap
    assert kinds == {"never", "always", "once", "twice more"}


def test_no_two_channels_matter_the_same():
    for case in cases.streams(3):
        rows = [w.flatten(1) for w in case["writers"]] + [r.transpose(0, 1).flatten(1) for r in case["readers"]]
        assert len(torch.stack([row.square().sum(1) for row in rows]).sum(0).unique()) == len(rows[0])
