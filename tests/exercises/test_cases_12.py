import pytest
import torch

from featherweight.compression.coding import huffman_code
from featherweight.exercises import cases_12 as cases

SEEDS = pytest.mark.parametrize("seed", range(5))


@SEEDS
def test_matrices_have_one_best_product_of_their_rank(seed):
    """Where two singular values are alike, several products are best. Wide, tall, square, one row, all ranks."""
    shapes, whole = set(), 0
    for case in cases.matrices(seed):
        weight, rank = case.values()
        sizes = torch.linalg.svdvals(weight.double())
        rest = sizes[rank] if rank < len(sizes) else 0
        assert sizes[rank - 1] > 1.2 * rest or rest < 1e-12
        shapes.add((weight.shape[0] > weight.shape[1]) - (weight.shape[0] < weight.shape[1]))
        whole += rank == min(weight.shape)
    assert shapes == {-1, 0, 1} and whole >= 3


@SEEDS
def test_changes_tell_rank_inputs_and_outputs_apart(seed):
    asked = [(case["down"].shape[0], *case["weight"].shape, case["alpha"]) for case in cases.changes(seed)]
    assert any(len({rank, m, n}) == 3 and alpha % rank for rank, m, n, alpha in asked)
    assert any(m == n != rank for rank, m, n, _ in asked)
    assert {alpha > 0 for *_, alpha in asked} == {True, False} and any(alpha == 0 for *_, alpha in asked)


def rested(weight, centroids):
    """k-means in a loop of its own: how many rounds, whether a cluster was empty, whether a weight was tied."""
    weight, before, empty, tied = weight.double().flatten(), None, False, False
    centroids = centroids.double().clone()
    for rounds in range(100):
        distances = (weight[:, None] - centroids).abs()
        nearest, least = distances.argmin(1), distances.min(1).values
        others = centroids[nearest][:, None] != centroids
        tied |= bool(((distances == least[:, None]) & others).any())
        assert ((distances - least[:, None] > 1e-4) | (distances == least[:, None])).all()
        if before is not None and torch.equal(nearest, before):
            return rounds, empty, tied
        for k in range(len(centroids)):
            own = weight[nearest == k]
            empty |= not len(own)
            centroids[k] = own.mean() if len(own) else centroids[k]
        before = nearest
    raise AssertionError("not at rest")


@SEEDS
def test_clusters_take_many_rounds_stay_empty_and_have_exact_ties_only(seed):
    found = [rested(case["weight"], case["initial_centroids"]) for case in cases.clusters(seed)[:-1]]
    assert max(rounds for rounds, *_ in found) >= 12
    assert sum(empty for _, empty, _ in found) >= 3 and sum(tied for *_, tied in found) == 2
    assert any((case["initial_centroids"].diff() < 0).any() for case in cases.clusters(seed))


@SEEDS
def test_gradients_are_of_centroids_shared_by_many_and_by_none(seed):
    unused, middle, most = 0, 0, 0
    for case in cases.shared_gradients(seed):
        members = torch.bincount(case["indices"].flatten(), minlength=case["count"])
        unused += bool(members[-1] == 0)
        middle += bool((members[:-1] == 0).any() and members[-1:].sum() == 0 and members.count_nonzero() > 1)
        most = max(most, int(members.max()))
        assert case["indices"].numel() == case["gradient"].numel()
    assert unused >= 3 and middle >= 2 and most >= 3


@SEEDS
def test_counts_trap_whoever_splits_from_the_top_or_sorts_once(seed):
    asked = [case["counts"] for case in cases.counts(seed)]
    assert [15, 7, 6, 6, 5] in asked and [] in asked and [0, 0, 0] in asked
    assert any(sum(map(bool, each)) == 1 and len(each) > 1 for each in asked)
    assert any(0 in each and sum(map(bool, each)) > 5 for each in asked)
    assert max(max(map(len, huffman_code(each)), default=0) for each in asked) >= 6


@SEEDS
def test_code_rows_are_whole_bytes_some_with_padding_that_reads_as_a_code(seed):
    looks, none, unused = 0, 0, 0
    for case in cases.code_rows(seed):
        bits, code, count = case.values()
        assert len(bits) % 8 == 0 and set(bits) <= {"0", "1"}
        used = [own for own in code if own]
        assert not any(one != other and other.startswith(one) for one in used for other in used)
        place = 0
        for _ in range(count):
            place += len(next(own for own in used if bits.startswith(own, place)))
        assert len(bits) - place < 8 or count == 0
        looks += any(bits[place:].startswith(own) for own in used)
        none += place == len(bits) and count > 0
        unused += len(used) < len(code)
    assert looks >= 3 and none >= 1 and unused >= 3


@SEEDS
def test_masks_have_gaps_at_below_and_beyond_what_fits(seed):
    found = set()
    for case in cases.masks(seed):
        filler, zeros = 2 ** case["bits"] - 1, 0
        for survives in case["mask"].flatten().tolist():
            if survives and case["bits"] > 1:
                found.add(max(-2, min(2, zeros - filler)) if zeros < 2 * filler else "twice")
            zeros = 0 if survives else zeros + 1
    assert found >= {-2, -1, 0, 1, "twice"}
    masks = [case["mask"] for case in cases.masks(seed)]
    assert any(mask[0] for mask in masks if mask.dim() == 1 and len(mask) > 1)
    assert any(mask.dim() > 1 for mask in masks) and any(not mask.any() for mask in masks)


@SEEDS
def test_layers_have_every_part_and_parts_that_end_inside_a_byte(seed):
    ends, kinds = set(), set()
    for case in cases.layers(seed):
        values = sum(len(case["code"][index]) for index in case["indices"])
        ends |= {bool(len(case["gaps"]) * case["gap_bits"] % 8), bool(values % 8)}
        kinds.add(case["centroids"].dtype)
        assert len(case["centroids"]) == len(case["code"])
        assert all(0 <= gap < 2 ** case["gap_bits"] for gap in case["gaps"])
        real = sum(gap != 2 ** case["gap_bits"] - 1 for gap in case["gaps"])
        assert real == len(case["indices"])
    assert ends == {True, False} and kinds == {torch.float32, torch.float16}
