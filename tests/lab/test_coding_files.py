"""What is counted is what is written, and what is written is read back to the last bit."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from featherweight import artifact
from featherweight.compression.sparse_indices import relative_indices
from featherweight.errors import InputError
from featherweight.lab.coding_files import CODINGS, FW, HEADER, PARTS, fw_tensors, ledger_of, read_layers, written
from featherweight.lab.coding_layers import plain, shared


def small(alive, seed=0, rows=6, columns=11):
    """A stack of two layers of which about a share `alive` of the weights is left."""
    draw = torch.Generator().manual_seed(seed)
    network = nn.Sequential(nn.Linear(columns, rows), nn.ReLU(), nn.Linear(rows, 3))
    for module in network[::2]:
        weight = torch.randn(module.weight.shape, generator=draw)
        weight[torch.rand(weight.shape, generator=draw) >= alive] = 0
        weight[0, 0] = 1.0
        module.weight.data, module.bias.data = weight, torch.randn(module.bias.shape, generator=draw)
    return network


def same(network, layers):
    pairs = zip(network[::2], layers, strict=True)
    return all(torch.equal(one.weight, weight) and torch.equal(one.bias, bias) for one, (weight, bias) in pairs)


def joined(network, coding):
    return b"".join(part for layer in written(network, coding) for part in layer.values())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CODINGS[:-1]), st.floats(0.0, 1.0), st.integers(0, 5), st.integers(0, 1000))
def test_every_network_comes_back(coding, alive, bits, seed):
    """bits 0 stands for float32. Oracle: the network's own tensors, exactly."""
    network = small(alive, seed)
    stored = shared(network, bits) if bits else network
    data = joined(stored, coding)
    assert same(plain(stored), read_layers(data, coding))
    assert len(data) == sum(ledger_of(stored, coding).values())


def test_a_dense_layer_writes_no_places():
    parts = ledger_of(shared(small(1.1), 2), "fixed width")
    assert parts["places"] == 0 and parts["values"] == -(-66 * 2 // 8) + -(-18 * 2 // 8)
    assert parts["frame"] == 2 * HEADER.size and parts["biases"] == 4 * 9 and parts["codebooks"] == 2 * 16


def test_the_narrowest_gaps_are_chosen():
    """Oracle: all widths, tried one by one."""
    network = small(0.1, rows=40, columns=50)
    (first, _) = written(network, "fixed width")
    alive = network[0].weight != 0
    sizes = {width: -(-len(relative_indices(alive, width)) * width // 8) for width in range(2, 9)}
    assert len(first["places"]) == min(sizes.values())


def test_parts_of_a_fw_file_are_all_of_it():
    network = shared(small(0.3, rows=30, columns=40), 2)
    data = artifact.encode(plain(network), fw_tensors(network))
    parts = ledger_of(network, FW)
    assert sum(parts.values()) == len(data) and tuple(parts) == PARTS
    assert parts["both in one"] > 0 == parts["places"]
    assert parts["biases"] == 4 * 33


def test_a_fw_file_of_floats_counts_them_as_values():
    parts = ledger_of(small(1.1), FW)
    assert parts["values"] == 4 * (66 + 18) and parts["biases"] == 4 * 9


def test_the_readers_functions_are_called():
    calls = []

    def gaps(mask, bits):
        calls.append(bits)
        return relative_indices(mask, bits)

    ledger_of(small(0.3), "Huffman", relative_indices=gaps)
    assert set(calls) == set(range(2, 9))
    with pytest.raises(ZeroDivisionError):
        ledger_of(small(0.3), "Huffman", huffman_code=lambda counts: 1 // 0)


def test_unknown_coding():
    with pytest.raises(InputError, match="There is no coding 'zip'; wanted one of fixed width, Huffman, arithmetic"):
        written(small(0.3), "zip")


def test_bytes_that_are_left_are_refused():
    data = joined(small(0.3), "Huffman")
    with pytest.raises(InputError, match="1 bytes after the last layer; wanted none"):
        read_layers(data + b"\0", "Huffman")
