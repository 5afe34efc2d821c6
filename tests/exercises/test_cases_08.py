import pytest
import torch

from featherweight.compression import quantization, state
from featherweight.exercises import cases_08 as cases

SEEDS = pytest.mark.parametrize("seed", range(5))


@SEEDS
def test_numbers_lie_halfway_below_and_above_and_nowhere_near(seed):
    """Where a number is not exactly halfway nobody's way of dividing decides on its code."""
    seen = set()
    for case in cases.roundings(seed):
        steps = case["tensor"].double() / torch.as_tensor(case["scale"]).double()
        over = (steps.abs() % 1 - 0.5).abs()
        assert ((over == 0) | (over > 0.05)).all()
        codes = steps.round() + case["zero_point"]
        kinds = {"tie": (over == 0).any(), "low": (codes < case["low"]).any(), "high": (codes > case["high"]).any()}
        odd = torch.as_tensor(case["zero_point"]) % 2 == 1
        seen |= {kind for kind, found in kinds.items() if found} | {f"odd {bool(odd.any())}"}
    assert seen == {"tie", "low", "high", "odd True", "odd False"}


@SEEDS
def test_zero_points_lie_halfway_exactly_or_not_nearly(seed):
    ties = 0
    for case in cases.ranges(seed):
        scale, _ = quantization.scale_and_zero_point(**case)
        steps = min([0.0, *case["tensor"].flatten().tolist()]) / scale
        over = abs(abs(steps) % 1 - 0.5)
        assert over == 0 or over > 0.05
        ties += over == 0
    assert ties == 4


@SEEDS
def test_ranges_have_both_signs_one_and_none(seed):
    found = [(bool((c["tensor"] < 0).any()), bool((c["tensor"] > 0).any())) for c in cases.ranges(seed)]
    assert set(found) == {(True, True), (True, False), (False, True), (False, False)}
    assert any(not case["tensor"].numel() for case in cases.ranges(seed))


@SEEDS
def test_the_largest_weight_is_negative_and_some_channels_are_zero(seed):
    several = [case["weight"].flatten(1) for case in cases.weights(seed)]
    assert all((rows.amin(1) <= -rows.amax(1)).all() for rows in several)
    assert any((rows == 0).all(1).any() for rows in several) and any((rows != 0).all() for rows in several)


@SEEDS
def test_sums_end_where_float32_and_smaller_integers_do(seed):
    """Odd and above 2**24: no float32 is that number, in whichever order it is added up."""
    *short, one, other = [quantization.integer_linear(**case) for case in cases.layers(seed)]
    assert all((sums.abs() > 2**24).all() and (sums % 2 == 1).all() for sums in (one, other))
    assert all((sums.abs() < 2**24).all() for sums in short)
    assert any((sums.abs() > 2**15).any() for sums in short)


@SEEDS
def test_quotients_are_halfway_exactly_or_not_nearly(seed):
    ties, zeros = 0, 0
    for case in cases.states(seed):
        _, absmax = state.quantize_state(**case)
        code, flat = case["code"].double(), case["tensor"].flatten().double()
        scales = absmax.repeat_interleave(case["block"])[: len(flat)].double()
        quotients = (flat / torch.where(scales == 0, 1.0, scales))[:, None]
        if not len(flat):
            continue
        borders = (code[1:] + code[:-1]) / 2
        off = (quotients - borders).abs() / (code[1:] - code[:-1])
        assert ((off == 0) | (off > 1e-3)).all()
        ties, zeros = ties + int((off == 0).sum()), zeros + int((absmax == 0).sum())
    assert ties == 4 and zeros >= 1


def test_every_map_is_asked_for_and_small_ones_first():
    asked = [(case["bits"], case["signed"]) for case in cases.maps(0)]
    assert asked == sorted(asked, key=lambda pair: pair[0]) and len(set(asked)) == 8
    assert cases.maps(0) == cases.maps(1)
