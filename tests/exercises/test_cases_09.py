import pytest
import torch

from featherweight.compression.packing import pack_nibbles, pack_signs
from featherweight.exercises import cases_09 as cases


@pytest.mark.parametrize("seed", range(5))
def test_numbers_lie_in_every_place_of_a_range(seed):
    """Inside, on a tie, on both ends, just outside (where rounding leads back inside), and far out on both sides."""
    for case in cases.roundings(seed):
        x, low, high = (case[name] for name in ("x", "low", "high"))
        if x.numel() < 2:
            continue
        near = (x.round() >= low) & (x.round() <= high) & ((x < low) | (x > high))
        assert (x == low).any() and (x == high).any()
        assert (x[near] < low).any() and (x[near] > high).any()
        assert (x < low - 1).any() and (x > high + 1).any()
        assert ((x - x.floor() == 0.5) & (x > low) & (x < high)).any()
        assert case["upstream"].unique().numel() == x.numel()


@pytest.mark.parametrize("seed", range(5))
def test_no_level_is_an_outermost_code_or_next_to_a_tie(seed):
    """There autograd and the paper differ, or the last bit of a division decides. One case of ties is meant."""
    shares = []
    for case in cases.steps(seed):
        level = case["x"].double() / case["scale"].double()
        assert (level - case["low"]).abs().min() > 1e-6 and (level - case["high"]).abs().min() > 1e-6
        apart = (level - level.floor() - 0.5).abs()
        assert ((apart > 1e-6) | (apart == 0)).all()
        shares.append(float(((level < case["low"]) | (level > case["high"])).double().mean()))
    assert min(shares) == 0 and max(shares) > 0.5


@pytest.mark.parametrize("seed", range(5))
def test_weights_are_clear_of_the_thresholds_but_for_exact_ties(seed):
    for case in cases.weights(seed):
        weight = case["weight"].double()
        share = weight.abs() / weight.abs().mean()
        apart = (share - 0.5).abs()
        assert not weight.any() or ((apart > 0.02) | (apart == 0)).all()
    assert any(((case["weight"].abs() / case["weight"].abs().mean()) == 0.5).any() for case in cases.weights(seed))
    assert any(not case["weight"].any() for case in cases.weights(seed))


@pytest.mark.parametrize("seed", range(5))
def test_codes_come_in_every_kind_of_count(seed):
    """Odd, even, one and none; the first case is odd and ends in a code whose top bit is set."""
    codes = [case["codes"] for case in cases.nibbles(seed)]
    assert {len(each) % 2 for each in codes if len(each) > 1} == {0, 1} and {0, 1} <= {len(each) for each in codes}
    assert len(codes[0]) % 2 == 1 and codes[0][-1] > 7 and codes[0][1] > 7
    for case, packed in zip(cases.nibbles(seed), cases.packed_nibbles(seed), strict=True):
        assert torch.equal(pack_nibbles(case["codes"]), packed["packed"])


@pytest.mark.parametrize("seed", range(5))
def test_rows_hold_zeros_of_both_signs_and_fill_their_bytes_or_not(seed):
    rows = [case["x"] for case in cases.code_rows(seed)]
    assert {x.shape[1] % 8 == 0 for x in rows} == {True, False}
    zeros = torch.cat([x[x == 0].float() for x in rows])
    assert torch.signbit(zeros).any() and not torch.signbit(zeros).all()


@pytest.mark.parametrize("seed", range(5))
def test_signs_are_packed_as_the_lesson_packs_them_and_some_rows_are_opposite(seed):
    """Oracle for the packing: `pack_signs`, of the bits read one by one."""
    for case in cases.packed_signs(seed):
        count = case["count"]
        for packed in (case["a"], case["b"]):
            bits = [[int(row[i // 8]) >> i % 8 & 1 for i in range(count)] for row in packed]
            assert torch.equal(pack_signs(torch.tensor(bits) * 2.0 - 1), packed)
    assert count > 256 and torch.equal(pack_signs(1 - 2.0 * torch.tensor(bits[:1])), case["a"][:1])


@pytest.mark.parametrize("seed", range(5))
def test_latent_weights_are_zero_and_at_the_ends_and_some_would_leave(seed):
    leaves = []
    for case in cases.latent_layers(seed):
        latent, inputs, targets, rate = case.values()
        assert (latent == 0).any() and (latent.abs() == 1).sum() == 2
        signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
        moved = latent - rate * (inputs @ signs.T - targets).T @ inputs / len(inputs)
        leaves.append(bool((moved.abs() > 1).any()))
    assert sum(leaves) >= 6
