"""Files of numbers alone: the state of a network comes back under its names, whatever kinds of tensors are in it."""

import zlib

import pytest
import torch
from torch import nn

from featherweight.artifact import Codes, Plain, encode, encode_weights, load, load_weights, parts
from featherweight.artifact.architecture import Traced
from featherweight.artifact.header import Graph, Node
from featherweight.artifact.interpreter import slots
from featherweight.artifact.values import Ref
from featherweight.artifact.weights import LONGEST, decode_weights, packed_names
from featherweight.artifact.writing import _file
from featherweight.errors import ArtifactProblem, InputError


class Odd(nn.Module):
    """Tied weights, batch normalization, a mask, and buffers of kinds that the format does not have."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.norm = nn.Linear(6, 6), nn.Linear(6, 6), nn.BatchNorm1d(6)
        self.second.weight = self.first.weight
        self.größe = nn.Parameter(torch.randn(2, 3).double())
        self.register_buffer("mask", torch.rand(5) < 0.5)
        self.register_buffer("steps", torch.tensor([2**30, -7], dtype=torch.int32))
        self.register_buffer("short", torch.randn(4).half())
        self.register_buffer("made", torch.ones(3), persistent=False)

    def forward(self, x):
        x = self.norm(self.second(self.first(x).relu()))
        return x if x.sum() > 0 else -x


@pytest.fixture
def odd():
    torch.manual_seed(0)
    network = Odd()
    network(torch.randn(9, 6))  # running statistics, and a count
    return network.eval()


def test_the_state_comes_back(odd, tmp_path):
    """Oracle: torch's own load_state_dict, strict, into a network made anew."""
    (tmp_path / "odd.fw").write_bytes(encode_weights(odd))
    found, new = load_weights(tmp_path / "odd.fw"), Odd().eval()
    assert list(found) == list(odd.state_dict())
    new.load_state_dict(found)
    for name, value in odd.state_dict().items():
        if name != "norm.num_batches_tracked":
            assert torch.equal(new.state_dict()[name], value), name
    assert new.state_dict()["norm.num_batches_tracked"] == 0
    x = torch.randn(4, 6)
    assert torch.equal(new(x), odd(x))


def test_a_tied_tensor_is_in_the_file_once(odd):
    data = encode_weights(odd)
    odd.second.weight = nn.Parameter(odd.first.weight.detach().clone())
    assert len(encode_weights(odd)) >= len(data) + 4 * 36 - 4


def test_codes_come_back_as_codes_and_cost_what_they_take(odd):
    weight = torch.randint(-2, 3, (6, 6)) * (torch.rand(6, 6) < 0.3)
    data = encode_weights(
        odd, {"first.weight": Codes(weight, 0.5, coding="adaptive"), "norm.bias": Plain(odd.norm.bias)}
    )
    found = decode_weights(data)
    assert torch.equal(found["first.weight"], 0.5 * weight)
    assert torch.equal(found["second.weight"], 0.5 * weight)
    assert len(data) < len(encode_weights(odd)) - 100
    assert sum(size for _, _, size in parts(data)) == len(data)


def test_names_take_few_bytes():
    """Forty names that are much alike, and more tensors than a list of the format may have."""
    network = nn.Sequential(*(nn.Linear(1, 1) for _ in range(200)))
    data = encode_weights(network)
    assert list(decode_weights(data)) == list(network.state_dict())
    assert len(packed_names(network.state_dict())) < 0.35 * len("\n".join(network.state_dict()))


def test_either_file_is_refused_by_the_reader_of_the_other(odd, tmp_path):
    (tmp_path / "numbers.fw").write_bytes(encode_weights(odd))
    network = load(tmp_path / "numbers.fw")
    with pytest.raises(InputError, match=r"^This file holds numbers only, and no network\. Read it with load_weights"):
        network(torch.zeros(1, 6))
    (tmp_path / "whole.fw").write_bytes(encode(nn.Linear(2, 2)))
    with pytest.raises(ArtifactProblem, match=r"^This \.fw file holds a whole network\. Read it with load\(FILE\)"):
        load_weights(tmp_path / "whole.fw")


def forged(names, *tensors):
    """A sound .fw file of constants with these codes for its names."""
    everything = [names, *tensors]
    graph = Graph(tuple(Node("constant", (tuple(one.shape),)) for one in everything), Ref(0))
    return _file(Traced(graph, slots(graph)[0], everything, dict(enumerate(map(str, range(len(everything)))))), {})


def packed(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return torch.tensor(list(packer.compress(data) + packer.flush())).float()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (packed(b"a\nb"), "2 names for 1 tensors"),
        (packed(b""), None),
        (torch.tensor([300.0]), "its names are no bytes"),
        (torch.tensor([1.5]), "its names are no bytes"),
        (torch.tensor([[1.0]]), "its names are no bytes"),
        (torch.tensor([255.0, 255.0]), "its names cannot be unpacked"),
        (packed(b"\xff\xfe"), "its names cannot be unpacked"),
        (packed(b"abc" * 99)[:-3], "its names do not end where they should"),
        (torch.cat([packed(b"abc"), torch.ones(1)]), "its names do not end where they should"),
        (packed(b"a" * (LONGEST + 9)), "its names do not end where they should"),
    ],
    ids=["count", "nameless", "large", "fraction", "matrix", "packed", "text", "cut", "more", "bomb"],
)
def test_forged_names_are_refused(names, said):
    data = forged(names, torch.ones(2))
    if said is None:
        assert list(decode_weights(data)) == [""]
        return
    with pytest.raises(ArtifactProblem, match=f"damaged or forged: {said}"):
        decode_weights(data)


def test_the_same_name_twice_is_refused():
    with pytest.raises(ArtifactProblem, match="2 names for 2 tensors"):
        decode_weights(forged(packed(b"a\na"), torch.ones(2), torch.ones(2)))


@pytest.mark.parametrize("place", range(3, 90, 7))
def test_a_flipped_byte_is_found(odd, place):
    data = bytearray(encode_weights(odd))
    data[place] ^= 16
    with pytest.raises(ArtifactProblem):
        decode_weights(bytes(data))


class Extra(nn.Linear):
    def get_extra_state(self):
        return {"version": 3}


@pytest.mark.parametrize(
    ("network", "name"),
    [(Extra(2, 2), "_extra_state"), (nn.ParameterList([torch.ones(2, dtype=torch.complex64)]), "0")],
    ids=["extra", "complex"],
)
def test_a_state_that_is_no_numbers_is_refused(network, name):
    with pytest.raises(InputError, match=rf"^The network's state has {name}, which is no plain tensor of real numbers"):
        encode_weights(network)
