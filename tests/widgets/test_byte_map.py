"""The marked code is where the format puts it: changing only that weight changes only that byte."""

from importlib import import_module

import pytest
import torch

from featherweight.compression import codebooks, formats

module = import_module("featherweight.widgets.byte_map")  # the package exports the function under this name
EVEN = torch.linspace(-1, 1, 32) * 0.8


def packed(form, values):
    pack = {"Q8_0": formats.pack_q8_0, "Q4_0": formats.pack_q4_0, "MXFP4": codebooks.mxfp4}.get(form)
    return (pack(values) if pack else codebooks.nvfp4(values)[0]).flatten()


@pytest.mark.parametrize("form", module.STRIDE)
def test_a_weight_that_changes_changes_its_byte_alone(form):
    """Weights 3 and 19 hold the largest size of every block, and with it all scales."""
    values = EVEN.clone()
    values[[3, 19]] = 1.0
    for number in set(range(32)) - {3, 19}:
        other = values.clone()
        other[number] = -values[number] if values[number].abs() > 0.2 else 0.9
        byte, half = module.place(form, number)
        before, after = packed(form, values), packed(form, other)
        assert (before != after).nonzero().flatten().tolist() == [byte]
        kept = {"all": 0, "low": 240, "high": 15}[half]
        assert (before[byte] & kept) == (after[byte] & kept)


@pytest.mark.parametrize("form", module.STRIDE)
def test_every_code_has_one_place_and_scales_have_the_rest(form):
    places = [module.place(form, number) for number in range(32)]
    assert len(set(places)) == 32
    count = len(module.bytes_of(form, "bell"))
    scales = {at for at in range(count) if at % module.STRIDE[form] < module.SCALE_BYTES[form]}
    assert {byte for byte, _ in places} | scales == set(range(count)) and not {b for b, _ in places} & scales


def test_the_answer_is_true():
    assert module.place("Q4_0", 0) == (2, "low") and module.place("Q4_0", 16) == (2, "high")
    assert module.QUESTION.choices[module.QUESTION.answer] == "Weight 16"


def test_the_text_names_code_byte_and_bits():
    text = module.byte_map_frame("Q4_0", 16, "bell").summary
    byte = module.bytes_of("Q4_0", "bell")[2]
    assert f"Its code {byte >> 4} is the high half of byte 2 ({byte:02x} in hexadecimal)" in text
    assert "18 bytes hold 32 weights, 4.5 bits each." in text
    assert "4 bytes more" in module.byte_map_frame("NVFP4", 0, "bell").summary


@pytest.mark.parametrize("weights", module.WEIGHTS)
def test_weights_stay_inside_the_picture(weights):
    assert module.WEIGHTS[weights].abs().max() < 4
