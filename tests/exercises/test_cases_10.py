import pytest
import torch

from featherweight.exercises import cases_10 as cases

SEEDS = pytest.mark.parametrize("seed", range(5))


def scaled(values, divisor):
    """Values in steps of their block, in float64, blocks of zeros left out."""
    rows = values.reshape(-1, 32).double()
    rows = rows[rows.abs().amax(1) > 0]
    return rows / (rows.gather(1, rows.abs().argmax(1, keepdim=True)) / divisor)


def from_a_half(x):
    return (x.abs() - x.abs().floor() - 0.5).abs()


@SEEDS
@pytest.mark.parametrize(("draw", "divisor"), [(cases.q8_blocks, 127), (cases.q4_blocks, -8)])
def test_a_value_is_a_half_exactly_or_far_from_it(seed, draw, divisor):
    """Else dividing where the reference multiplies by the inverse could give another code, and a right answer fail."""
    exact = 0
    for case in draw(seed):
        away = from_a_half(scaled(case["values"], divisor))
        assert ((away == 0) | (away > 1e-5)).all()
        exact += int((away == 0).sum())
    assert exact >= 40


@SEEDS
def test_blocks_of_q4_have_their_largest_of_either_sign_and_of_both(seed):
    largest = []
    for case in cases.q4_blocks(seed):
        rows = case["values"].reshape(-1, 32)
        high, low = rows.amax(1), rows.amin(1)
        largest += [
            "both" if h == -low_ and h > 0 else "+" if h > -low_ else "-" for h, low_ in zip(high, low, strict=True)
        ]
    assert {"both", "+", "-"} == set(largest) and largest.count("both") >= 2


@SEEDS
def test_there_are_blocks_of_zeros_and_scales_below_float16(seed):
    for draw, divisor in ((cases.q8_blocks, 127), (cases.q4_blocks, 8)):
        scales = torch.cat([case["values"].reshape(-1, 32).abs().amax(1) for case in draw(seed)]) / divisor
        assert (scales == 0).any() and ((scales > 0) & (scales.half() == 0)).any()


@SEEDS
def test_looked_up_values_are_in_the_middle_or_far_from_it(seed):
    in_the_middle = 0
    for case in cases.looked_up(seed):
        table = case["table"].double()
        for part in case["values"].flatten().double().split(case["block"]):
            if part.abs().max() > 0:
                away = (part[:, None] / part.abs().max() - (table[1:] + table[:-1]) / 2).abs()
                assert ((away == 0) | (away > 1e-4)).all()
                in_the_middle += int((away == 0).sum())
    assert in_the_middle >= 4


@SEEDS
def test_some_last_blocks_are_short_and_some_are_zero(seed):
    found = cases.looked_up(seed)
    assert sum(case["values"].numel() % case["block"] > 0 for case in found) >= 2
    assert any((part == 0).all() for case in found for part in case["values"].flatten().split(case["block"]))


@SEEDS
def test_hessians_can_be_inverted_once_damped_and_one_cannot_before(seed):
    ranks = []
    for case in cases.layers(seed):
        hessian, inputs = case["hessian"], case["weight"].shape[1]
        damped = hessian + case["damping"] * hessian.diagonal().mean() * torch.eye(inputs).double()
        assert torch.linalg.cond(damped) < 1e6
        ranks.append(int(torch.linalg.matrix_rank(hessian)) == inputs)
    assert ranks.count(False) == 1


@SEEDS
def test_in_two_layers_another_error_chooses_another_exponent(seed):
    found = cases.loud_layers(seed)
    for case in (found[1], found[4]):
        assert len(cases._choices(**case)) == 3
    assert sum((case["activations"] == 0).all(0).any().item() for case in found) == 3


@SEEDS
def test_outliers_are_of_either_sign_at_the_threshold_none_and_all(seed):
    found = cases.outliers(seed)
    kinds = set()
    for case in found:
        x, threshold = case["activations"], case["threshold"]
        loud = x.abs().amax(0) > threshold
        kinds |= {"none"} if not loud.any() else {"all"} if loud.all() else {"some"}
        kinds |= {"negative"} if ((x.amin(0) < -threshold) & (x.amax(0) <= threshold)).any() else set()
        kinds |= {"at"} if (x.abs().amax(0) == threshold).any() else set()
    assert kinds == {"none", "all", "some", "negative", "at"}
