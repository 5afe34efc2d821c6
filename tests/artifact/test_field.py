"""All networks of the book in one list: sizes are those of files, errors those of the shipped runs."""

from statistics import fmean

import pytest
import torch

from featherweight.artifact import champion_runs, decode, encode, lenet_runs
from featherweight.artifact.field import FAMILIES, LENET_MACS, Fighter, field
from featherweight.lab import low_bit_runs, measure, neuron_runs, palette
from featherweight.lab.networks import lenet_300_100

BY_NAME = {one.name: one for one in field()}


def test_every_family_is_there_and_has_a_look():
    assert {one.family for one in field()} == set(FAMILIES)
    colours = [palette.style(family).colour for family in FAMILIES]
    assert len(set(colours)) == len(colours)


def test_names_are_unique():
    assert len(BY_NAME) == len(field())


def test_the_dense_network_is_weighed_as_a_file():
    dense = BY_NAME["LeNet-300-100"]
    assert dense.size == len(encode(lenet_300_100(3))) and dense.errors == lenet_runs.load().dense.errors
    assert dense.macs == LENET_MACS == measure.macs(lenet_300_100(), torch.zeros(1, 784))


@pytest.mark.parametrize(("name", "bits"), [("8 bits, learned", 8), ("ternary", 2), ("1 bit", 1)])
def test_few_bits_are_packed(name, bits):
    found = BY_NAME[name]
    numbers = 266_200 * bits / 8 + 410 * 4
    assert numbers < found.size < numbers + 200
    assert found.errors == low_bit_runs.load().rows[name].retrained


def test_deleted_neurons_are_files_of_smaller_networks():
    found, runs = BY_NAME["50% of neurons"], neuron_runs.load()
    place = list(runs.shares).index(0.5)
    assert found.errors == runs.tuned["taylor"][place] and found.numbers == runs.parameters[place]
    assert 4 * found.numbers < found.size < 4 * found.numbers + 200


def test_entries_are_counted_in_their_files():
    for name, row in champion_runs.load().items():
        network = decode(champion_runs.entry(name))
        assert BY_NAME[name].size == fmean(row.size)
        assert BY_NAME[name].macs == measure.macs(network, torch.zeros(1, 784))


def test_an_interval_over_seeds():
    one = Fighter("x", "dense", 1.0, (50, 60), 1, 1)
    assert one.interval.estimate == 55 and one.interval.low < 50 < 60 < one.interval.high
