import hashlib
import math
import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.artifact.adaptive import SQUASH, STRETCH, Model, fullness
from featherweight.artifact.ranges import Reader, Writer

shapes = st.lists(st.integers(0, 7), min_size=0, max_size=4)
numbers = st.one_of(st.just(0), st.integers(-3, 3), st.integers(-(2**30), 2**30))


def coded(*tensors):
    writer = Writer()
    model = Model(writer.code)
    for tensor in tensors:
        model.walk(tensor.flatten().tolist(), tuple(tensor.shape))
    return writer.finish()


def read(data, *shapes):
    reader = Reader(data)
    model = Model(reader.code)
    return [torch.tensor(model.walk(None, shape), dtype=torch.int64).reshape(shape) for shape in shapes]


def pruned(rows, columns, share, seed=0):
    g = torch.Generator().manual_seed(seed)
    weight = torch.randn(rows, columns, generator=g)
    return torch.where(torch.rand(rows, columns, generator=g) < share, (3 * weight).round(), 0).long()


@settings(deadline=None)
@given(st.data(), st.lists(shapes, min_size=1, max_size=3))
def test_tensors_come_back(data, shapes):
    made = [
        torch.tensor([data.draw(numbers) for _ in range(math.prod(shape))], dtype=torch.int64).reshape(shape)
        for shape in shapes
    ]
    found = read(coded(*made), *map(tuple, shapes))
    assert all(torch.equal(one, other) for one, other in zip(found, made, strict=True))


@pytest.mark.parametrize(
    "tensor",
    [
        pruned(40, 400, 0.02),
        pruned(40, 784, 0.02) * (torch.arange(784) % 28 > 6),
        pruned(16, 72, 0.5).reshape(16, 8, 3, 3),
        torch.zeros(300, 784, dtype=torch.int64),
        torch.full((9, 9), -(2**30)),
    ],
    ids=["sparse", "empty columns", "kernels", "nothing", "large"],
)
def test_what_weights_look_like_comes_back(tensor):
    assert torch.equal(read(coded(tensor), tuple(tensor.shape))[0], tensor)


def test_numbers_without_structure_cost_little_more_than_their_entropy():
    """Oracle: Shannon's bound for the numbers' own frequencies, which knows them beforehand; 2% above it."""
    tensor = pruned(64, 256, 1.0)
    counts = torch.unique(tensor, return_counts=True)[1].double()
    bound = float(-(counts * (counts / counts.sum()).log2()).sum() / 8)
    assert bound < len(coded(tensor)) < 1.02 * bound


def test_structure_costs_less_than_entropy():
    tensor = pruned(100, 784, 0.1) * (torch.arange(784) % 28 > 20) * (torch.arange(100) % 5 == 0)[:, None]
    counts = torch.unique(tensor, return_counts=True)[1].double()
    bound = float(-(counts * (counts / counts.sum()).log2()).sum() / 8)
    assert len(coded(tensor)) < 0.75 * bound


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_as_many_numbers_as_are_asked_for(data):
    found = read(data, (9, 30), (4,))
    assert [tensor.numel() for tensor in found] == [270, 4]
    assert max(int(tensor.abs().max()) for tensor in found) < 2**31


def test_the_bytes_are_the_same_everywhere():
    """A change of the coder makes old files unreadable: then the version must change too."""
    draw = random.Random(0).randrange
    flat = [max(draw(40) - 34, 0) * (2 * draw(2) - 1) for _ in range(20 * 784)]
    dense = [draw(31) - 15 for _ in range(720)]
    data = coded(
        torch.tensor(flat).reshape(20, 784), torch.tensor(dense).reshape(8, 10, 3, 3), torch.tensor(dense[:50])
    )
    assert hashlib.sha256(data).hexdigest()[:16] == "1cf6c42ec9407cfa"


def test_squash_is_the_logistic_function_and_stretch_its_inverse():
    """Oracle: math.exp, to one of 65,536; the inverse to one step of 256 around the middle."""
    assert all(abs(chance - 65536 / (1 + math.exp(-(step - 3071) / 256))) <= 1 for step, chance in enumerate(SQUASH))
    assert all(abs(STRETCH[c >> 4] - 256 * math.log(c / (65536 - c))) <= 4 for c in range(8192, 57344, 16))


@pytest.mark.parametrize(("count", "of"), [(0, 0), (0, 300), (3, 7), (10**6, 1), (2**40, 1)])
def test_fullness_stays_a_context(count, of):
    assert 0 <= fullness(count, of) <= 35
    assert fullness(count, of) <= fullness(count + 1 + count, of)
