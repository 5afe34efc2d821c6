"""Layers compute with few values exactly, and their gradients reach the real weights and the learned numbers."""

import dataclasses
import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.compression import low_bit
from featherweight.errors import InputError
from featherweight.lab.low_bit_layers import FORMS, LowBitLinear, Pact, Rules, Sign, form_of


@pytest.fixture
def layer():
    torch.manual_seed(0)
    return nn.Linear(20, 6)


def test_an_unknown_form_is_one_line():
    with pytest.raises(InputError, match=r"^There is no form '5 bits'; wanted one of 8 bits, largest; .*; 1 bit\.$"):
        form_of("5 bits")


@pytest.mark.parametrize("form", FORMS)
def test_weights_are_codes_times_one_scale(form, layer):
    low, look = LowBitLinear(layer, form), FORMS[form]
    values = low.quantized().detach().unique()
    size = layer.weight.detach().abs()
    scale = {
        "largest": size.max() / look.high,
        "learned": 2 * size.mean() / math.sqrt(look.high),
        "mean": size.mean(),
    }[look.scale]
    codes = (values / scale).round()
    torch.testing.assert_close(values, codes * scale)
    assert codes.min() >= look.low and codes.max() <= look.high and len(values) <= 2**look.bits + 0.001


@pytest.mark.parametrize("form", FORMS)
def test_training_moves_real_weights_and_the_scale(form, layer):
    low = LowBitLinear(layer, form)
    low(torch.ones(3, 20)).sum().backward()
    assert low.weight.grad.abs().sum() > 0
    assert ("scale" in dict(low.named_parameters())) is (FORMS[form].scale == "learned")
    assert all(parameter.grad is not None for parameter in low.parameters())


@pytest.mark.parametrize("form", ["ternary", "1 bit"])
def test_values_are_exact_and_the_gradient_is_whole(form, layer):
    low = LowBitLinear(layer, form)
    assert len(low.quantized().unique()) == round(2 ** FORMS[form].bits)
    upstream = torch.randn(6, 20)
    (gradient,) = torch.autograd.grad(low.quantized(), low.weight, upstream)
    assert torch.equal(gradient, upstream)


def test_a_learned_step_has_the_books_own_gradients(layer):
    """`low_bit.lsq` writes the same layer for autograd."""
    low, upstream = LowBitLinear(layer, "2 bits, learned"), torch.randn(6, 20)
    found = torch.autograd.grad(low.quantized(), (low.weight, low.scale), upstream)
    wanted = torch.autograd.grad(low_bit.lsq(low.weight, low.scale, -2, 1), (low.weight, low.scale), upstream)
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("rule", "form"),
    [("straight_through", "3 bits, largest"), ("lsq_gradient", "3 bits, learned"), ("ternary_absmean", "ternary")],
)
def test_the_readers_own_function_is_called(rule, form, layer):
    called = []

    def mine(*arguments):
        called.append(rule)
        return getattr(low_bit, rule)(*arguments)

    low = LowBitLinear(layer, form, dataclasses.replace(Rules(), **{rule: mine}))
    low(torch.ones(1, 20)).sum().backward()
    assert called == [rule]


def test_signs_and_their_slope():
    x = torch.tensor([-2.0, 0.3, 0.5, 0.7, 3.0], requires_grad=True)
    signs = Sign(0.5)(x)
    assert signs.tolist() == [-1, -1, 1, 1, 1]
    signs.sum().backward()
    assert x.grad.tolist() == [0, 1, 1, 1, 0]


def test_few_activations_learn_their_limit():
    x, few = torch.tensor([-1.0, 0.9, 2.2, 9.0]), Pact(2, alpha=3.0)
    assert few(x).tolist() == [0, 1, 2, 3]
    few(x).sum().backward()
    assert few.alpha.grad == 1


def test_the_layer_it_is_made_of_stays(layer):
    before = layer.weight.clone()
    low = LowBitLinear(layer, "1 bit")
    low.weight.data.zero_()
    assert torch.equal(layer.weight, before)
    assert torch.equal(
        LowBitLinear(layer, "1 bit")(torch.ones(1, 20)), F.linear(torch.ones(1, 20), low_bit.binary(before), layer.bias)
    )
