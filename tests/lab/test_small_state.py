"""Small moments take the bytes that are claimed, and train as 32-bit ones do; with evenly spaced codes they do not."""

import math

import pytest
import torch

from featherweight.compression.state import dynamic_map
from featherweight.lab import small_state
from featherweight.lab.data import digits
from featherweight.lab.networks import seeded
from featherweight.lab.sparse_training import ADAM
from featherweight.lab.training import train

DATA = digits()


def network():
    with seeded(0):
        return torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))


def float_losses():
    trained = network()
    optimizer = torch.optim.Adam(trained.parameters(), ADAM[0])
    return train(trained, DATA.train_inputs, DATA.train_labels, optimizer, 4, seed=0)


def test_losses_follow_those_of_32_bits():
    optimizer, losses = small_state.train_small(network(), DATA, 4)
    assert losses == pytest.approx(float_losses(), rel=0.05)
    assert optimizer.steps == 4 * math.ceil(len(DATA.train_labels) / 64)


def test_evenly_spaced_codes_diverge():
    _, losses = small_state.train_small(network(), DATA, 4, maps=small_state.linear_map)
    assert not losses[-1] < 2 * float_losses()[-1]


def test_bytes_for_each_parameter():
    parameter = torch.nn.Parameter(torch.zeros(40, 256))
    assert small_state.SmallAdam([parameter]).bytes_per_parameter() == 2 * (1 + 4 / 256) <= 2.04
    assert small_state.SmallAdam([parameter], block=64).bytes_per_parameter() == 2 * (1 + 4 / 64)


def test_the_given_function_is_used():
    calls = []

    def counted(tensor, code, block):
        calls.append(code)
        return torch.zeros(tensor.shape, dtype=torch.uint8), torch.ones(-(-tensor.numel() // block))

    small_state.SmallAdam([torch.nn.Parameter(torch.ones(3))], quantize=counted)
    assert [torch.equal(code, dynamic_map(signed)) for code, signed in zip(calls, (True, False), strict=True)] == [
        True
    ] * 2


def test_linear_maps_are_even():
    signed, unsigned = small_state.linear_map(True), small_state.linear_map(False)
    assert (signed[0], signed[-1], unsigned[0], unsigned[-1]) == (-1, 1, 0, 1) and len(signed) == len(unsigned) == 256


def test_second_moment_is_that_of_the_first_parameter():
    moment = small_state.second_moment(network(), DATA)
    assert moment.shape == (64, 64) and moment.min() >= 0 and moment.max() > 0
