"""Only forms that compute what they stand for are timed: in a layer, and in a network."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from featherweight.bench import forms as bench
from featherweight.errors import FeatherweightError

WIDTHS = {"layer": (64, 64), "network": (40, 64, 64, 10)}


@pytest.fixture(scope="module", params=WIDTHS.values(), ids=WIDTHS)
def made(request):
    network, inputs = bench.drawn(request.param, 16)
    return bench.forms(network, inputs)


def test_every_form_computes_what_it_stands_for(made):
    bench.check_equal(made)


def test_a_form_that_is_off_is_caught(made):
    for name, form in made.items():
        wrong = replace(form, call=lambda form=form: form.call() * (1 + 2 * form.off + 1e-4))
        with pytest.raises(FeatherweightError, match=r"differs from what it stands for by .* Mend it") as caught:
            bench.check_equal(made | {name: wrong})
        assert str(caught.value).startswith(name)


def test_a_number_that_is_none_is_caught(made):
    form = made[bench.DENSE]
    with pytest.raises(FeatherweightError, match="by nan of its output"):
        bench.check_equal({bench.DENSE: replace(form, call=lambda: form.call() * torch.nan)})


def test_the_dense_form_is_the_network():
    network, inputs = bench.drawn(WIDTHS["network"], 16)
    assert [tuple(one.weight.shape) for one in bench._linears(network)] == [
        ends[::-1] for ends in pairwise(WIDTHS["network"])
    ]
    assert bench.forms(network, inputs)[bench.DENSE].call().equal(network(inputs))


def test_files_are_as_large_as_their_bits_say():
    """Of 256² weights; a file has a few hundred bytes of frame, and biases and scales have 32 bits."""
    network, inputs = bench.drawn((256, 256), 2)
    made = bench.forms(network, inputs)
    bits = {bench.DENSE: 32, bench.HALF: 16, bench.EIGHT: 8, bench.EIGHT_ORT: 8, bench.FOUR: 4, bench.ONE: 1}
    for name, each in bits.items():
        weights = 256**2 * each / 8
        assert weights <= made[name].size <= weights + 6000, name
    kept = made[bench.csr_name(0.1)].size / 256**2
    assert 0.09 * 12 < kept < 0.11 * 12 + 0.15  # a float32 and an int64 for each weight that is left


def test_deletion_is_of_neurons_and_csr_of_weights():
    network, inputs = bench.drawn(WIDTHS["network"], 16)
    made = bench.forms(network, inputs)
    assert made[bench.HALF].call().shape == (16, 10)
    layer, inputs = bench.drawn(WIDTHS["layer"], 16)
    assert bench.forms(layer, inputs)[bench.HALF].call().shape == (16, 32)
