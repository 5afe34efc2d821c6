import pytest
import torch

from featherweight.exercises import cases_05 as cases


@pytest.mark.parametrize("seed", range(5))
def test_no_count_is_exactly_one_half(seed):
    """Rounding half up, half down and half to even are all right: the cases must not tell them apart."""
    sizes = [(sum(t.numel() for t in case["tensors"]), case["sparsity"]) for case in cases.networks(seed)]
    sizes += [(case["weight"].numel(), case["sparsity"]) for case in cases.pruned_before(seed)]
    assert all(abs((count * share) % 1 - 0.5) > 0.01 for count, share in sizes)


def test_distinct_numbers_have_distinct_sizes_of_both_signs():
    values = cases._distinct(torch.Generator().manual_seed(0), 6, 7).flatten()
    assert len(set(values.abs().tolist())) == 42
    assert 0 < (values < 0).sum() < 42


def masks(*rows):
    return [torch.tensor(row, dtype=torch.bool) for row in rows]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (masks([1, 0], [0, 1]), None),
        (masks([0, 1], [0, 1]), None),
        (masks([1, 0], [1, 1]), "2 of 4 entries pruned (False), found 1"),
        (masks([1, 1], [0, 0]), "one of size 9 is pruned while one of size 1 is kept"),
    ],
    ids=["one of the equals", "the other", "count", "order"],
)
def test_any_choice_among_equals_is_right(answer, says):
    inputs = {"tensors": [torch.tensor([1.0, -1.0]), torch.tensor([1.0, -9.0])], "sparsity": 0.5}
    found = cases.prunes_the_smallest(inputs, answer, masks([1, 0], [0, 1]))
    assert found is None if says is None else says in found


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ([0, 1, 1, 0, 1, 1, 0, 0], None),
        ([0, 1, 0, 1, 0, 0, 1, 1], None),
        ([0, 1, 1, 0, 1, 1, 1, 0], "two kept in row 0, entries 4 to 7, found 3"),
        ([1, 1, 0, 0, 1, 1, 0, 0], "the two largest of [0.5, 9.0, 1.0, 1.0] kept in row 0, entries 0 to 3"),
    ],
    ids=["one of the equals", "the other", "count", "order"],
)
def test_two_of_every_four(row, says):
    weight = torch.tensor([[0.5, -9.0, 1.0, -1.0, 2.0, 2.0, 2.0, 2.0]])
    assert cases.two_of_every_four({"weight": weight}, torch.tensor([row], dtype=torch.bool), None) == says
