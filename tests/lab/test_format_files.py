"""What a format holds comes back as the technique says, and its bytes are those of a file."""

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import nn

from featherweight.compression import codebooks, formats
from featherweight.errors import InputError
from featherweight.lab.format_files import FORMATS, bits_per_weight, decoded, matrices, packed_state, through
from featherweight.lab.measure import bytes_on_disk

WEIGHT = torch.randn(48, 64, generator=torch.Generator().manual_seed(0))
# bits per weight of the blocks alone: codes, and the scales that belong to them
PAYLOAD = {"Q8_0": 8.5, "Q4_0": 4.5, "NF4": 4.5, "NF4, double": 4 + (8 + 32 / 256) / 64, "MXFP4": 4.25, "NVFP4": 4.5}


@pytest.mark.parametrize("form", FORMATS)
def test_a_large_file_has_the_bits_that_the_layout_says(form):
    """Up to 4,000 bytes more: a file has a head of its own, and double quantization a table of 1,024 bytes."""
    many = torch.randn(1024, 512, generator=torch.Generator().manual_seed(1))
    assert 0 <= (bits_per_weight(many, form) - PAYLOAD[form]) * many.numel() / 8 <= 4000


@pytest.mark.parametrize("form", FORMATS)
def test_what_comes_back_is_near_and_a_second_time_the_same(form):
    back = through(WEIGHT, form)
    assert back.shape == WEIGHT.shape and back.dtype == torch.float32
    assert 0.001 < (back - WEIGHT).norm() / WEIGHT.norm() < (0.01 if form == "Q8_0" else 0.15)
    torch.testing.assert_close(through(back, form), back, rtol=0.02, atol=0.02)


def test_each_form_is_its_technique():
    table = codebooks.nf4_table()
    codes, absmax = codebooks.nf4_codes(WEIGHT, table, 64)
    wanted = {
        "Q8_0": formats.unpack_q8_0(formats.pack_q8_0(WEIGHT)),
        "Q4_0": formats.unpack_q4_0(formats.pack_q4_0(WEIGHT)),
        "NF4": codebooks.nf4_values(codes, absmax, table, 64),
        "NF4, double": codebooks.nf4_values(
            codes, codebooks.double_dequantize(*codebooks.double_quantize(absmax)), table, 64
        ),
        "MXFP4": codebooks.unpack_mxfp4(codebooks.mxfp4(WEIGHT)),
        "NVFP4": codebooks.unpack_nvfp4(*codebooks.nvfp4(WEIGHT)),
    }
    assert all(torch.equal(through(WEIGHT, form).flatten(), wanted[form]) for form in FORMATS)


def network():
    return nn.Sequential(nn.Embedding(8, 64), nn.Linear(64, 32), nn.LayerNorm(32))


def test_a_network_is_packed_and_read_back():
    net = network()
    names = matrices(net)
    assert names == ["0.weight", "1.weight"] and matrices(net, tables=False) == ["1.weight"]
    for form in FORMATS:
        state = packed_state(net, names, form)
        back = decoded(net, state, form)
        assert list(back) == list(net.state_dict())
        assert torch.equal(back["1.weight"], through(net[1].weight.detach(), form))
        assert torch.equal(back["1.bias"], net[1].bias) and torch.equal(back["2.weight"], net[2].weight)
        assert bytes_on_disk(state) < bytes_on_disk(net)


def test_what_is_not_named_stays():
    net = network()
    state = packed_state(net, ["1.weight"], "Q4_0")
    assert torch.equal(state["0.weight"], net[0].weight)
    assert torch.equal(decoded(net, state, "Q4_0")["0.weight"], net[0].weight)
    assert list(packed_state(net, ["1.weight"], None)) == list(net.state_dict())


def test_a_weight_that_does_not_fill_its_blocks_is_left_out():
    assert matrices(nn.Sequential(nn.Linear(10, 30), nn.Linear(64, 3))) == ["1.weight"]


def test_your_own_function_packs():
    net = network()
    mine = packed_state(net, matrices(net), "Q4_0", formats.pack_q4_0)
    ours = packed_state(net, matrices(net), "Q4_0")
    assert mine.keys() == ours.keys() and all(torch.equal(mine[name], ours[name]) for name in ours)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("number", [torch.nan, torch.inf, -torch.inf])
def test_what_is_not_finite_is_refused(form, number):
    weight = WEIGHT.clone()
    weight[3, 5] = number
    with pytest.raises(InputError, match=r"^1 of 3072 values are infinite or NaN; wanted finite numbers: replace them"):
        through(weight, form)
    net = network()
    with torch.no_grad():
        net[1].weight[0, 0] = number
    with pytest.raises(InputError, match=r"^1 of 2048 values are infinite or NaN"):
        packed_state(net, matrices(net), form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("shape", [(3, 5), (1,), (65,)])
def test_what_fills_no_block_is_refused_or_comes_back(form, shape):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    if form.startswith("NF4"):
        back = through(weight, form)
        assert back.shape == weight.shape and (back - weight).abs().max() < 0.35 * weight.abs().max()
    else:
        with pytest.raises(
            InputError, match=rf"^{weight.numel()} values; wanted a multiple of {FORMATS[form].block}: "
        ):
            through(weight, form)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4), st.floats(-1, 4), st.integers(0, 99))
@example(0, 0.0, 0)
def test_any_finite_tensor_comes_back_within_its_scale(form, rows, power, seed):
    """Every error is at most a quarter of the largest number (an eighth in eight bits); zeros stay zeros.

    Within what a float16 scale can say: GGUF's formats lose numbers below about 1e-5, as gguf-py does.
    """
    weight = torch.randn(rows, 64, generator=torch.Generator().manual_seed(seed)) * 10**power
    weight[:1, ::2] = 0.0
    back = through(weight, form)
    assert back.shape == weight.shape
    if rows:
        assert (back - weight).abs().max() <= weight.abs().max() / (8 if form == "Q8_0" else 4)
    assert not through(torch.zeros_like(weight), form).any()


def test_an_unknown_format_is_one_line():
    with pytest.raises(InputError, match=r"There is no format 'Q5'; wanted one of Q8_0, Q4_0, NF4, "):
        through(WEIGHT, "Q5")
