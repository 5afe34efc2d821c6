import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import nn

from featherweight.compression.low_bit import binary
from featherweight.compression.packed_layers import BinaryLinear, FourBitLinear, TernaryLinear
from featherweight.errors import InputError

KINDS = [BinaryLinear, TernaryLinear, FourBitLinear]
HEADER = 400
"""Bytes of a safetensors file besides its weights, at most: four names, dtypes, shapes and places as JSON."""


def linear(inputs=13, outputs=5, seed=0, bias=True):
    torch.manual_seed(seed)
    return nn.Linear(inputs, outputs, bias=bias)


def rounded(kind, weight):
    """The weights that a packed layer stands for, written out from its definition."""
    if kind is FourBitLinear:
        scale = weight.abs().max(1).values[:, None] / 7
        return scale * torch.round(weight / scale)
    scale = weight.abs().mean()
    if kind is BinaryLinear:
        return scale * torch.where(weight < 0, -1.0, 1.0)
    return scale * torch.clamp(torch.round(weight / scale), -1, 1)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None)
@given(st.integers(1, 19), st.integers(1, 7), st.integers(0, 9))
def test_a_packed_layer_computes_what_its_rounded_weights_do(kind, bias, inputs, outputs, seed):
    """Oracle: F.linear with the weights rounded by hand, 1e-6; sizes of any remainder."""
    layer = linear(inputs, outputs, seed, bias)
    packed, x = kind.from_linear(layer), torch.randn(4, inputs)
    assert packed.packed.dtype == torch.uint8
    expected = F.linear(x, rounded(kind, layer.weight), layer.bias)
    torch.testing.assert_close(packed(x), expected.detach(), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "size"),
    [(BinaryLinear, 300 * 98 + 4), (TernaryLinear, 300 * 784 // 5 + 4), (FourBitLinear, 300 * 784 // 2 + 300 * 4)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_file_is_as_small_as_it_says(kind, size, tmp_path):
    """Planted failure: the file of the layer it is made from is beyond every bound here."""
    layer = linear(784, 300)
    save_file(kind.from_linear(layer).state_dict(), tmp_path / "packed")
    save_file(layer.state_dict(), tmp_path / "floats")
    wanted = size + 300 * 4
    assert wanted < (tmp_path / "packed").stat().st_size <= wanted + HEADER
    assert (tmp_path / "floats").stat().st_size > 300 * 784 * 4
    torch.save(kind.from_linear(layer).state_dict(), tmp_path / "pickled")
    assert (tmp_path / "pickled").stat().st_size <= wanted + 10 * HEADER


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_comes_back_from_its_file(kind, tmp_path):
    layer, x = kind.from_linear(linear()), torch.randn(3, 13)
    save_file(layer.state_dict(), tmp_path / "packed")
    fresh = kind(13, 5)
    assert not torch.equal(fresh(x), layer(x))
    fresh.load_state_dict(load_file(tmp_path / "packed"))
    assert torch.equal(fresh(x), layer(x))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inputs", [14, 40])
def test_the_state_of_another_size_is_refused(kind, inputs):
    """Where it fills as many bytes, too: 13 inputs and 14, packed as signs, are two bytes a row."""
    state = kind.from_linear(linear(13, 5)).state_dict()
    says = rf"^{kind.__name__} of {inputs} inputs and 5 outputs got the state of one of 13 and 5; wanted the same"
    with pytest.raises(InputError, match=says):
        kind(inputs, 5).load_state_dict(state)
    with pytest.raises(InputError, match=says):
        nn.Sequential(kind(inputs, 5)).load_state_dict({f"0.{name}": tensor for name, tensor in state.items()})
    del state["size"]
    with pytest.raises(RuntimeError, match=r"Missing key|size mismatch"):
        kind(inputs, 5).load_state_dict(state)


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_of_packed_layers_runs_on_any_batch(kind):
    network = nn.Sequential(kind.from_linear(linear(13, 6)), nn.ReLU(), kind.from_linear(linear(6, 4)))
    assert network(torch.randn(2, 3, 13)).shape == (2, 3, 4)
    assert network(torch.randn(0, 13)).shape == (0, 4)
    assert not list(network.parameters())
    assert repr(network[0]) == f"{kind.__name__}(13, 6, bias=True)"


@pytest.mark.parametrize("kind", KINDS)
def test_zeros_huge_and_tiny_weights(kind):
    layer = linear()
    with torch.no_grad():
        layer.weight[0] = 0.0
        layer.weight[1] *= 1e28
        layer.weight[2] *= 1e-40
    found = kind.from_linear(layer).weight
    assert found.isfinite().all()
    if kind is FourBitLinear:
        assert not found[0].any() and not found[2].any()
    with torch.no_grad():
        layer.weight.zero_()
    assert not kind.from_linear(layer).weight.any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 2e30])
@pytest.mark.parametrize("name", ["weight", "bias"])
def test_what_is_not_finite_is_refused(kind, value, name):
    layer = linear()
    with torch.no_grad():
        getattr(layer, name)[1] = value
    wrong = r"13 of 65" if name == "weight" else r"1 of 5"
    says = (
        rf"^{kind.__name__} got a {name} with {wrong} entries NaN, infinite or beyond 1e30; wanted finite .* diverged"
    )
    with pytest.raises(InputError, match=says):
        kind.from_linear(layer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors:UserWarning")
def test_what_is_empty_or_no_linear_layer_is_refused(kind):
    with pytest.raises(InputError, match=rf"^{kind.__name__} got 0 inputs and 5 outputs; wanted at least 1 of each\.$"):
        kind(0, 5)
    with pytest.raises(InputError, match=r"got 3 inputs and 0 outputs"):
        kind.from_linear(nn.Linear(3, 0))
    with pytest.raises(InputError, match=rf"^{kind.__name__} got a Conv2d; wanted a torch.nn.Linear to pack\.$"):
        kind.from_linear(nn.Conv2d(1, 1, 1))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.lists(st.floats(-1e6, 1e6, width=32), min_size=30, max_size=30))
def test_four_bits_are_wrong_by_half_a_step_at_most(inputs, values):
    layer = linear(inputs, 30 // inputs, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(values)[: layer.weight.numel()].reshape_as(layer.weight))
    packed = FourBitLinear.from_linear(layer)
    assert ((packed.weight - layer.weight).abs() <= 0.5 * packed.scale * (1 + 1e-5)).all()


@pytest.mark.parametrize("scale", [torch.tensor(0.1), torch.full((5,), 0.1), torch.full((5, 1), 0.1)])
def test_four_bits_on_a_given_grid(scale):
    layer = linear()
    with torch.no_grad():
        layer.weight[0, :4] = torch.tensor([0.26, -5.0, 5.0, 0.05])  # 2.6, far out on both sides, a tie
    packed = FourBitLinear.from_linear(layer, scale)
    torch.testing.assert_close(packed.weight[0, :4], torch.tensor([0.3, -0.8, 0.7, 0.0]))


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        (torch.ones(4), r"a scale of shape \(4,\); wanted one number, or one for each of 5 outputs\.$"),
        (torch.tensor(0.0), r"a scale that is NaN, infinite, below 1e-38 or not positive; wanted steps above 0"),
        (torch.tensor(float("nan")), r"a scale that is NaN"),
        (torch.tensor(float("inf")), r"a scale that is NaN"),
        (torch.tensor([1.0, 1.0, -1.0, 1.0, 1.0]), r"a scale that is NaN"),
    ],
)
def test_a_grid_that_is_none_is_refused(scale, says):
    with pytest.raises(InputError, match="^FourBitLinear got " + says):
        FourBitLinear.from_linear(linear(), scale)


@pytest.mark.parametrize("bias", [True, False])
def test_signs_only_multiplies_signs(bias):
    """Oracle: the float product of both sides rounded to sign · mean, 1e-6."""
    layer, x = linear(37, 5, bias=bias), torch.randn(6, 37)
    inputs = x.abs().mean(1, keepdim=True) * torch.where(x >= 0, 1.0, -1.0)
    expected = F.linear(inputs, binary(layer.weight), layer.bias).detach()
    packed = BinaryLinear.from_linear(layer)
    torch.testing.assert_close(packed.signs_only(x), expected, rtol=1e-6, atol=1e-6)
    assert (packed.signs_only(x) - packed(x)).abs().max() > 0.01  # another function than forward
    x[2, 3] = torch.nan
    assert packed.signs_only(x).isnan().any(1).nonzero().tolist() == [[2]]
