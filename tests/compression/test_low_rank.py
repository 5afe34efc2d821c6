import numpy as np
import pytest
import torch
import torch.nn.functional as F

from featherweight.compression.low_rank import low_rank, merge_lora, rank_that_pays

DOUBLE = torch.float64
SHAPES = [(1, 1, 1), (1, 9, 1), (9, 1, 1), (4, 6, 2), (12, 5, 3), (8, 8, 8), (30, 20, 7)]


def drawn(*shape, seed=0, dtype=DOUBLE):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@pytest.mark.parametrize(("rows", "columns", "rank"), SHAPES)
def test_the_error_is_the_tail_of_the_singular_values(rows, columns, rank):
    """Oracle: Eckart and Young: the squared error is the sum of the squares left out, by numpy; 1e-12 relative."""
    weight = drawn(rows, columns)
    left, right = low_rank(weight, rank)
    tail = np.linalg.svd(weight.numpy(), compute_uv=False)[rank:]
    assert left.shape == (rows, rank) and right.shape == (rank, columns)
    assert float((weight - left @ right).square().sum()) == pytest.approx(float((tail**2).sum()), rel=1e-12, abs=1e-24)


@pytest.mark.parametrize("seed", range(5))
def test_no_other_product_of_that_rank_is_nearer(seed):
    """Oracle: least squares for one factor given any other; the planted failure of "best": moved factors lose."""
    weight, rank = drawn(7, 9, seed=seed), 3
    left, right = low_rank(weight, rank)
    best = float((weight - left @ right).square().sum())
    for other in (left + 0.05 * drawn(7, rank, seed=seed + 1), drawn(7, rank, seed=seed + 2)):
        fitted = torch.linalg.lstsq(other, weight).solution
        assert float((weight - other @ fitted).square().sum()) > best


def test_equal_singular_values_have_no_one_best_product_and_the_least_error_all_the_same():
    """Oracle: an orthogonal matrix, all of whose singular values are 1: the error is what is left out, 1e-12."""
    weight = torch.linalg.qr(drawn(6, 6))[0]
    left, right = low_rank(weight, 2)
    assert float((weight - left @ right).square().sum()) == pytest.approx(4, rel=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, DOUBLE])
def test_factors_have_the_weights_dtype_and_a_low_rank_comes_back_whole(dtype):
    weight = drawn(6, 2, dtype=dtype) @ drawn(2, 8, seed=1, dtype=dtype)
    left, right = low_rank(weight, 2)
    assert left.dtype == right.dtype == dtype
    torch.testing.assert_close(left @ right, weight)


@pytest.mark.parametrize(("m", "n", "rank", "alpha"), [(4, 6, 2, 3.0), (5, 3, 1, 16), (3, 3, 3, -1.5), (2, 8, 4, 0)])
def test_the_merged_layer_gives_the_outputs_of_the_layer_with_its_change_beside_it(m, n, rank, alpha):
    """Oracle: the forward pass of arXiv:2106.09685, section 4.1, by F.linear; 1e-12."""
    weight, down, up, inputs = drawn(m, n), drawn(rank, n, seed=1), drawn(m, rank, seed=2), drawn(10, n, seed=3)
    beside = F.linear(inputs, weight) + alpha / rank * F.linear(F.linear(inputs, down), up)
    torch.testing.assert_close(F.linear(inputs, merge_lora(weight, down, up, alpha)), beside, rtol=1e-12, atol=1e-12)


def test_a_change_that_starts_with_zeros_changes_nothing_and_the_inputs_are_left_alone():
    weight, down = drawn(4, 6), drawn(2, 6, seed=1)
    kept = weight.clone()
    merged = merge_lora(weight, down, torch.zeros(4, 2, dtype=DOUBLE), 8.0)
    assert torch.equal(merged, kept) and merged is not weight and torch.equal(weight, kept)


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("columns", [1, 2, 3, 10, 784])
def test_the_rank_that_pays_is_the_last_one_that_does(rows, columns):
    """Oracle: count the numbers of both factors, rank by rank."""
    pays = [rank for rank in range(1, min(rows, columns) + 1) if rank * (rows + columns) < rows * columns]
    assert rank_that_pays(rows, columns) == max(pays, default=0)


def test_of_lenets_first_layer_216_ranks_pay():
    assert rank_that_pays(300, 784) == 216
