"""The fast product of signs equals the clear one and the one of floats, for every length."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.compression.packing import pack_signs, xnor_popcount_matmul
from featherweight.errors import InputError
from featherweight.lab.popcount import signs_product, words


@settings(max_examples=50, deadline=None)
@given(rows=st.integers(0, 5), columns=st.integers(0, 5), count=st.integers(1, 200), seed=st.integers(0, 99))
def test_equal_to_the_clear_form_and_to_floats(rows, columns, count, seed):
    generator = torch.Generator().manual_seed(seed)
    a, b = (torch.randn(size, count, generator=generator) for size in (rows, columns))
    packed = pack_signs(a), pack_signs(b)
    found = signs_product(*map(words, packed), count)
    assert found.dtype == torch.int32
    assert torch.equal(found, xnor_popcount_matmul(*packed, count))
    assert torch.equal(found.float(), torch.where(a >= 0, 1.0, -1.0) @ torch.where(b >= 0, 1.0, -1.0).T)


def test_a_flipped_bit_is_seen():
    packed = pack_signs(torch.ones(1, 70))
    other = packed.clone()
    other[0, 8] ^= 1
    assert signs_product(words(packed), words(packed), 70).item() == 70
    assert signs_product(words(packed), words(other), 70).item() == 68


@pytest.mark.parametrize("wrong", [torch.ones(2, 8), torch.ones(8, dtype=torch.uint8)], ids=["floats", "one axis"])
def test_what_is_not_packed_is_refused(wrong):
    with pytest.raises(InputError, match=r"^words got torch\..* wanted uint8 of shape \(rows, bytes\)"):
        words(wrong)
