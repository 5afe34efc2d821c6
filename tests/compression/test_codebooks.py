import math

import pytest
import torch
from gguf import GGMLQuantizationType, quants
from hypothesis import example, given, settings
from hypothesis import strategies as st

from featherweight.compression.codebooks import (
    double_dequantize,
    double_quantize,
    mxfp4,
    nf4_codes,
    nf4_table,
    nf4_values,
    nvfp4,
    unpack_mxfp4,
    unpack_nvfp4,
)

functional = pytest.importorskip("bitsandbytes.functional")
nvfp4_tensor = pytest.importorskip("torchao.prototype.mx_formats.nvfp4_tensor")
kernels = pytest.importorskip("torchao.prototype.mx_formats.kernels")

numbers = st.floats(-(2.0**100), 2.0**100, width=32).map(lambda x: 0.0 if abs(x) < 1e-30 else x)
E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
"""The published table: sign, two bits of exponent with a bias of 1, one bit of mantissa."""


def normal(*shape, size=1.0, seed=0):
    return size * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def tensors(block, most=200):
    return st.lists(numbers, max_size=most).map(lambda found: torch.tensor(found + [0.0] * (-len(found) % block)))


def by_bitsandbytes(values, block=64):
    packed, state = functional.quantize_4bit(values, quant_type="nf4", blocksize=block)
    pairs = packed.flatten()
    return torch.stack([pairs >> 4, pairs & 15], dim=1).flatten()[: values.numel()], state.absmax


def test_the_table_of_nf4():
    """Oracles: the table that bitsandbytes ships, to the last bit; quantiles of the normal distribution to 2e-7."""
    assert torch.equal(nf4_table(), functional.get_4bit_type("nf4", "cpu"))
    edge = 0.9677083  # the mean of 1 − 1/30 and 1 − 1/32, so that the outermost quantiles are finite
    positive, negative = (torch.linspace(edge, 0.5, n, dtype=torch.float64)[:-1] for n in (9, 8))
    icdf = torch.distributions.Normal(0.0, 1.0).icdf
    table = torch.cat([-icdf(negative), torch.zeros(1, dtype=torch.float64), icdf(positive).flip(0)])
    torch.testing.assert_close(nf4_table().double(), table / table.max(), rtol=0, atol=2e-7)


VALUES = {
    "random": normal(640, 100),
    "one block": normal(64),
    "zero": torch.zeros(128),
    "tiny": normal(640, size=1e-30),
    "huge": normal(640, size=1e35),
    "one number": torch.eye(64) * -2.5,
    "the table itself": nf4_table().repeat(4) * 3,
}


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("block", [32, 64])
def test_codes_are_those_of_bitsandbytes(values, block):
    """Oracle: bitsandbytes on the CPU, every code and scale."""
    codes, absmax = nf4_codes(values, nf4_table(), block)
    theirs, their_absmax = by_bitsandbytes(values, block)
    assert torch.equal(codes, theirs) and torch.equal(absmax, their_absmax)


@pytest.mark.parametrize("length", [1, 2, 63, 65, 129, 1000])
def test_a_last_block_may_be_short(length):
    values = normal(length)
    codes, absmax = nf4_codes(values, nf4_table(), 64)
    theirs, their_absmax = by_bitsandbytes(values)
    assert torch.equal(codes, theirs) and torch.equal(absmax, their_absmax)


@settings(max_examples=60, deadline=None)
@given(tensors(1), st.integers(1, 70))
@example(torch.zeros(3), 64)
def test_the_code_is_the_nearest_and_errs_by_half_a_gap(values, block):
    """Oracle: all distances in float64."""
    if not len(values):
        values = torch.zeros(1)  # of no values there is no largest one
    table = nf4_table()
    codes, absmax = nf4_codes(values, table, block)
    assert len(codes) == len(values) and len(absmax) == math.ceil(len(values) / block)
    scale = absmax.repeat_interleave(block)[: len(values)].double()
    distances = (table.double() * scale[:, None] - values[:, None].double()).abs()
    off = distances.gather(1, codes.long()[:, None])[:, 0]
    assert (off <= distances.amin(1) + 1e-6 * scale).all()
    assert (off <= (table.diff().max() / 2 + 1e-6) * scale).all()
    read = nf4_values(codes, absmax, table, block)
    torch.testing.assert_close((read - values).abs().double(), off, rtol=0, atol=float(1e-6 * absmax.max()))


def test_in_the_middle_the_lower_code_is_taken():
    table = torch.tensor([-1.0, -0.5, 0.0, 0.5, 1.0])
    codes, _ = nf4_codes(torch.tensor([1.0, 0.75, 0.25, -0.25, -0.75, 0.0]), table, 6)
    assert codes.tolist() == [4, 3, 2, 1, 0, 2]


@pytest.mark.parametrize("count", [1, 255, 256, 257, 6400])
def test_double_quantization(count):
    """Oracle: bitsandbytes. Scales, mean and map to the last bit; its kernel looks codes up in cells 2⁻¹⁵ wide."""
    absmax = normal(count, seed=count).abs()
    codes, scales, mean, table = double_quantize(absmax)
    theirs, state = functional.quantize_blockwise(absmax - absmax.mean(), blocksize=256)
    assert torch.equal(scales, state.absmax) and torch.equal(mean, absmax.mean())
    assert torch.equal(table, functional.create_dynamic_map())
    wide = scales.repeat_interleave(256)[:count]
    scaled = (absmax - mean) / torch.where(wide > 0, wide, 1)
    off, their_off = ((table[found.long()] - scaled).abs() for found in (codes, theirs))
    assert (off <= their_off + 1e-7).all() and (their_off <= off + 2**-15)[wide > 0].all()
    assert (codes != theirs)[wide > 0].sum() <= 0.01 * count
    read = double_dequantize(codes, scales, mean, table)
    assert torch.equal(read, functional.dequantize_blockwise(codes, state) + mean)


def test_the_whole_of_nf4_with_double_quantization():
    """Oracle: bitsandbytes' own flag, as QLoRA uses it."""
    values = normal(640, 100)
    _, state = functional.quantize_4bit(values, quant_type="nf4", blocksize=64, compress_statistics=True)
    codes, scales, mean, _ = double_quantize(nf4_codes(values, nf4_table(), 64)[1])
    assert torch.equal(mean, state.offset) and torch.equal(scales, state.state2.absmax)
    assert (codes != state.absmax).sum() <= 10


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 2.0**20, width=32), min_size=1, max_size=600).map(torch.tensor))
def test_the_code_of_a_scale_is_the_nearest(absmax):
    codes, scales, mean, table = double_quantize(absmax)
    wide = scales.repeat_interleave(256)[: len(absmax)].double()
    wanted = (absmax - mean).double()
    distances = (table.double() * wide[:, None] - wanted[:, None]).abs()
    assert (distances.gather(1, codes.long()[:, None])[:, 0] <= distances.amin(1) + 1e-6 * wide).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_every_number_of_mxfp4_has_its_published_code(sign):
    """Oracle: the table of E2M1 in the specification; the scale is exponent + 127."""
    values = torch.tensor([sign * E2M1[i % 8] for i in range(32)])
    packed = mxfp4(values)[0].tolist()
    assert packed[0] == 127
    expected = [i % 8 + (8 if sign < 0 and i % 8 else 0) for i in range(32)]
    expected = [8 if sign < 0 and code == 0 and math.copysign(1, float(v)) < 0 else code
                for code, v in zip(expected, values, strict=True)]  # fmt: skip
    assert [byte & 15 for byte in packed[1:]] + [byte >> 4 for byte in packed[1:]] == expected
    assert torch.equal(unpack_mxfp4(mxfp4(values * 2.0**-9)), values * 2.0**-9)


def test_e2m1_rounds_halves_to_even_and_saturates():
    """Oracle: torchao's conversion, over a fine grid that holds every middle. At 4 … 8 the scale stays 1."""
    values = torch.arange(-7.9375, 8, 1 / 16)
    rows = beside_a_large_one(values)
    packed = mxfp4(rows)
    assert packed[:, 0].unique().tolist() == [127]
    codes = torch.cat([packed[:, 1:] & 15, packed[:, 1:] >> 4], dim=1)
    assert torch.equal(codes, kernels.f32_to_f4_unpacked(rows))


def beside_a_large_one(values):
    """Rows of 31 values and a 7.5, so that every block has the scale 1."""
    full = torch.cat([values, torch.zeros(-len(values) % 31)]).view(-1, 31)
    return torch.cat([full, torch.full((len(full), 1), 7.5)], dim=1)


@pytest.mark.parametrize("size", [1e-30, 1e-6, 1.0, 1e30])
def test_mxfp4_reads_as_in_gguf(size):
    """Oracle: gguf-py, away from halves and from powers of two. Of bytes only the sign of a zero differs."""
    values = normal(64 * 32, size=size)
    packed = mxfp4(values)
    theirs = torch.from_numpy(quants.quantize(values.numpy(), GGMLQuantizationType.MXFP4)).view(-1, 17)
    assert torch.equal(packed[:, 0], theirs[:, 0])
    assert torch.equal(unpack_mxfp4(packed), unpack_mxfp4(theirs))
    read = quants.dequantize(packed.flatten().numpy(), GGMLQuantizationType.MXFP4)
    assert torch.equal(unpack_mxfp4(packed), torch.from_numpy(read))


@pytest.mark.parametrize("power", [-126, -20, 0, 1, 100, 127])
def test_the_scale_of_mxfp4_is_exact_at_powers_of_two(power):
    """Oracle: whole numbers. log2 in float32 would round up just below a power of two."""
    at = torch.zeros(64)
    at[3], at[40] = 2.0**power, -(2.0**power) * (1 - 2.0**-24)
    found = (mxfp4(at)[:, 0].int() - 127).tolist()
    assert found == [max(power - 2, -127), max(power - 3, -127)]


@settings(max_examples=60, deadline=None)
@given(tensors(32))
def test_mxfp4_errs_by_half_a_gap_below_saturation(values):
    """Gaps are ½, 1 and 2 times the scale; beyond 6 a value loses up to 2."""
    packed = mxfp4(values)
    rows, read = values.view(-1, 32).double(), unpack_mxfp4(packed).view(-1, 32).double()
    scale = 2.0 ** (packed[:, :1].double() - 127)
    sizes = rows.abs() / scale
    gap = torch.where(sizes <= 2, 0.25, torch.where(sizes <= 4, 0.5, torch.where(sizes <= 7, 1.0, 2.0)))
    assert ((read - rows).abs() <= gap * scale * (1 + 1e-6)).all()
    assert torch.equal(unpack_mxfp4(mxfp4(read.float())), read.flatten().float()) or (rows == 0).all()


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_nvfp4_is_that_of_torchao(size):
    """Oracle: torchao's encoder, every byte."""
    values = normal(64, 64, size=size) * normal(64, 1, seed=1).exp()
    packed, tensor_scale = nvfp4(values)
    largest = nvfp4_tensor.per_tensor_amax_to_scale(values.abs().max())
    scales, pairs = nvfp4_tensor.nvfp4_quantize(values, 16, largest)
    assert torch.equal(tensor_scale, largest)
    assert torch.equal(packed[:, 0], scales.view(torch.uint8).flatten())
    assert torch.equal(packed[:, 1:].flatten(), pairs.view(torch.uint8).flatten())


def test_every_number_of_nvfp4_has_its_published_code():
    values = torch.tensor([*E2M1, *(-number for number in E2M1)]) * 448
    packed, tensor_scale = nvfp4(values)
    assert float(tensor_scale) == 1.0
    assert packed[0, 0] == 0x7E  # 448, the largest E4M3
    codes = [int(byte) >> shift & 15 for byte in packed[0, 1:] for shift in (0, 4)]
    assert codes == [*range(8), 0, *range(9, 16)]
    assert torch.equal(unpack_nvfp4(packed, tensor_scale), values)


@settings(max_examples=60, deadline=None)
@given(tensors(16).filter(len))
@example(torch.zeros(16))
def test_nvfp4_errs_by_a_quarter_of_a_block_at_most(values):
    """The widest gap, 4 to 6, is a third of the largest; half of it, and the rounding of an E4M3 scale, 1/16."""
    packed, tensor_scale = nvfp4(values)
    rows, read = values.view(-1, 16), unpack_nvfp4(packed, tensor_scale).view(-1, 16)
    largest = rows.abs().amax(1, keepdim=True)
    assert ((read - rows).abs() <= torch.maximum(largest / 4, 6 * 2**-9 * tensor_scale)).all()
    assert read.isfinite().all()


def test_bits_per_weight():
    values = normal(256 * 64 * 4)
    assert mxfp4(values).numel() * 8 / len(values) == 4.25
    assert nvfp4(values)[0].numel() * 8 / len(values) == 4.5
    codes, absmax = nf4_codes(values, nf4_table(), 64)
    assert 4 + 8 * absmax.nbytes / len(codes) == 4.5
    small, scales, _, _ = double_quantize(absmax)
    assert 4 + 8 * (small.nbytes + scales.nbytes) / len(codes) == 4 + 8.125 / 64
