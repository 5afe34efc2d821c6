import random
import resource
import struct
import sys
import tracemalloc
import zlib
from time import perf_counter

import pytest
import torch
from torch import nn

from featherweight.artifact import Codes, Plain, Shared, decode, encode, load, parts
from featherweight.artifact.header import Graph, Node, write_graph
from featherweight.artifact.layout import CODED, CODING_NAMES, FORMATS, SAME
from featherweight.artifact.values import Ref
from featherweight.errors import ArtifactProblem, InputError

LIMIT, MACS = 2**20, 10**6
KINDS = {"mlp": (4, 12), "images": (2, 3, 9, 9), "words": (2, 6)}


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.attention = nn.Embedding(20, 8), nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm, self.out = nn.LayerNorm(8), nn.Linear(8, 20, bias=False)
        self.out.weight = self.words.weight

    def forward(self, words):
        h = self.words(words)
        h = self.norm(h + self.attention(h, h, h, need_weights=False)[0])
        return self.out(self.norm(h).mean(dim=1)).reshape(words.size(0), -1)


def made(kind):
    torch.manual_seed(3)
    if kind == "mlp":
        return nn.Sequential(nn.Linear(12, 10), nn.ReLU(), nn.Linear(10, 8), nn.Tanh(), nn.Linear(8, 5))
    if kind == "images":
        layers = nn.Conv2d(3, 4, 3, stride=2, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 4, 3, groups=4)
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3)).eval()
    return Words().eval()


def inputs(kind):
    return torch.randint(0, 20, KINDS[kind]) if kind == "words" else torch.rand(KINDS[kind])


def stored(network, codings):
    how = {}
    for number, (name, parameter) in enumerate(network.named_parameters()):
        coding, value = codings[number % len(codings)], parameter.detach()
        if number % 3 == 0:
            how[name] = Codes((value * 7).round(), torch.rand(len(value)).half(), coding=coding)
        elif number % 3 == 1:
            how[name] = Shared((value * 3).round().long().clamp(-3, 3) + 3, torch.linspace(-1, 1, 7), coding)
        else:
            how[name] = Plain(value, "float16")
    return how


def file(kind, codings=CODING_NAMES):
    network = made(kind)
    return encode(network, stored(network, codings))


def sealed(body):
    return bytes(body) + zlib.crc32(bytes(body)).to_bytes(4, "little")


def by_hand(*nodes, descriptors=b"", body=b""):
    head = bytearray(b"fw\x01")
    write_graph(head, Graph((Node("input", ()), *nodes), Ref(len(nodes))))
    return sealed(bytes(head) + descriptors + body)


GOOD = file("mlp", ("raw",))
LINEAR = Node("Linear", (Ref(0), 2, 2, False))
ONES = struct.pack("<4f", 1, 1, 1, 1)


def described(kind, coding, form="float32"):
    return bytes([SAME + 1 + (CODED.index(kind) * len(FORMATS) + FORMATS.index(form)) * 5 + CODING_NAMES.index(coding)])


def test_a_file_by_hand_is_read():
    """Oracle: the format's description."""
    network = decode(by_hand(LINEAR, descriptors=b"\x00", body=ONES))
    assert torch.equal(network(torch.ones(1, 2)), torch.full((1, 2), 2.0))
    coded = by_hand(
        LINEAR, descriptors=described("codes", "raw"), body=struct.pack("<f", 0.5) + bytes([15, 2, 0b11100100])
    )
    assert torch.equal(decode(coded)(torch.eye(2)).T, torch.tensor([[-0.5, 0.0], [0.5, 1.0]]))


REFUSED = [
    (b"", "This is no .fw file: it does not begin as one. Pass a file that featherweight wrote."),
    (b"PK\x03\x04 a zip file", "This is no .fw file"),
    (b"fw\x01", "This is no .fw file"),
    (sealed(b"fw\x02" + GOOD[3:-4]), "has version 2 of the format; this featherweight reads version 1. Update it."),
    (GOOD[:-1], "its checksum is wrong. Get or write the file again."),
    (GOOD + b"\x00", "its checksum is wrong"),
    (sealed(GOOD[:-5]), "bytes should follow where"),
    (sealed(GOOD[:-4] + b"\x00\x00"), "2 bytes belong to nothing"),
    (
        by_hand(Node("Linear", (Ref(0), 2**20, 2**20, False)), descriptors=b"\x00"),
        "of 1,099,511,627,776",
    ),
    (by_hand(Node("constant", ((2**31, 2**31),)), descriptors=b"\x00"), "Pass a larger limit= if you trust it"),
    (by_hand(Node("constant", ((-1,),)), descriptors=b"\x00"), r"a tensor of the shape \(-1,\)"),
    (by_hand(Node("constant", ((1024, 200),)), descriptors=described("codes", "adaptive")), "allows 65,536"),
    (by_hand(Node("Linear", (Ref(0), -2, 2)), descriptors=b"\x00"), "Linear with in_features = -2"),
    (by_hand(LINEAR, descriptors=b"\xff"), "tensor 0 is stored in no known way"),
    (by_hand(LINEAR, descriptors=bytes([SAME, 0])), "should be the same as a tensor of another shape"),
    (by_hand(LINEAR, descriptors=b"\x00", body=struct.pack("<4f", 1, 1, float("nan"), 1)), "1 Linear.weight holds NaN"),
    (
        by_hand(LINEAR, descriptors=described("codes", "raw"), body=struct.pack("<f", float("nan"))),
        "1 Linear.weight holds NaN",
    ),
    (
        by_hand(LINEAR, descriptors=described("codes", "raw"), body=struct.pack("<f", float("inf"))),
        "1 Linear.weight has scales with infinity",
    ),
    (
        by_hand(LINEAR, descriptors=described("same book", "raw") + b"\x00"),
        "wants codebook 0, which has not been read",
    ),
    (
        by_hand(LINEAR, descriptors=described("book", "raw") + b"\x01", body=ONES[:4] + bytes([16, 1, 15])),
        "has an index beyond its codebook",
    ),
    (by_hand(LINEAR, descriptors=described("codes", "raw"), body=ONES[:4] + bytes([16, 60])), "codes of 60 bits"),
    (
        by_hand(LINEAR, descriptors=described("codes", "huffman"), body=ONES[:4] + bytes([16, 2, 2, 15, 1, 0])),
        "Code lengths",
    ),
    (
        by_hand(LINEAR, descriptors=described("codes", "arithmetic"), body=ONES[:4] + bytes([16, 2, 0, 0, 1, 7])),
        "counts with the sum 0",
    ),
    (
        by_hand(LINEAR, descriptors=described("codes", "adaptive"), body=ONES[:4] + bytes(60)),
        "its codes end before its bytes do, or after them",
    ),
]


@pytest.mark.parametrize(("data", "said"), REFUSED, ids=range(len(REFUSED)))
def test_files_that_are_none_are_refused_in_one_line(data, said):
    with pytest.raises(ArtifactProblem, match=said) as caught:
        decode(data, LIMIT)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_every_cut_and_every_flipped_bit_is_seen():
    for place in range(len(GOOD)):
        with pytest.raises(ArtifactProblem):
            decode(GOOD[:place])
        flipped = bytearray(GOOD)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(ArtifactProblem):
            decode(bytes(flipped))


def test_a_huge_file_of_nothing_is_not_unpacked():
    """A zip bomb's counterpart: hardly a byte for very many numbers."""
    bomb = by_hand(
        Node("constant", ((2**12, 2**12),)), descriptors=described("codes", "raw"), body=ONES[:4] + b"\x10\x00"
    )
    assert len(bomb) < 40
    tracemalloc.start()
    with pytest.raises(ArtifactProblem, match="16,777,216 numbers"):
        decode(bomb, LIMIT)
    assert tracemalloc.get_traced_memory()[1] < LIMIT
    tracemalloc.stop()
    assert decode(bomb, 2**26)(torch.zeros(1)).shape == (4096, 4096)


def test_parts_are_all_bytes():
    for kind in KINDS:
        data = file(kind)
        found = parts(data)
        assert (found[0][:2], found[-1]) == (("file", "header"), ("file", "checksum", 4))
        assert sum(size for *_, size in found) == len(data)


def test_a_file_on_disk(tmp_path):
    (tmp_path / "net.fw").write_bytes(GOOD)
    assert load(tmp_path / "net.fw")(torch.ones(1, 12)).shape == (1, 5)
    with pytest.raises(
        ArtifactProblem, match=r"nothing.fw cannot be read: No such file or directory. Look at the name"
    ):
        load(tmp_path / "nothing.fw")
    with pytest.raises(ArtifactProblem, match="more than 100 bytes, the limit"):
        load(tmp_path / "net.fw", limit=100)


def mutated(data, draw):
    """A file with a few bytes changed, taken out or put in, mostly near its beginning and with a new checksum."""
    body = bytearray(data[:-4])
    near = 120 if draw.random() < 0.7 else len(body)
    for _ in range(draw.choice([1, 1, 1, 2, 4])):
        place, kind, some = draw.randrange(min(near, len(body))), draw.random(), draw.randbytes(draw.randrange(1, 5))
        if kind < 0.5:
            body[place] = draw.randrange(256)
        elif kind < 0.6:
            body[place] ^= 1 << draw.randrange(8)
        elif kind < 0.7:
            del body[place : place + len(some)]
        elif kind < 0.8:
            body[place:place] = some
        elif kind < 0.9:
            body = body[: max(place, 4)]
        else:
            body += some
    return sealed(body) if draw.random() < 0.9 else bytes(body) + data[-4:]


def survives(count, seed):
    """Decode and run mutated files: how many did what. Whatever else is raised is a failure; none takes long."""
    draw, files, outcomes = random.Random(seed), [], {"run": 0, "refused": 0, "not run": 0}
    lines: set[str] = set()
    for kind in KINDS:
        files += [(file(kind), inputs(kind)), (file(kind, CODING_NAMES[1:]), inputs(kind))]
    for _ in range(count):
        data, given = draw.choice(files)
        began, outcome = perf_counter(), "refused"
        try:
            network = decode(mutated(data, draw), LIMIT, MACS)
            outcome = "not run"
            network(given)
            outcome = "run"
        except (ArtifactProblem, InputError) as problem:
            lines.update(str(problem).split("\n")[1:])
        outcomes[outcome] += 1
        assert perf_counter() - began < 20
    assert lines == set()
    return outcomes


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch's, about odd kernels and empty tensors
def test_mutated_files_do_no_harm():
    outcomes = survives(300, seed=0)
    assert all(outcomes.values())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_ten_thousand_mutated_files_do_no_harm():
    """Memory: the process never holds 96 MiB more than before, by the system's own count."""
    survives(50, seed=1)
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    outcomes = survives(10_000, seed=2)
    assert sum(outcomes.values()) == 10_000
    assert all(outcomes.values())  # mutations reach the checksum, the parser and the interpreter
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before < 96 * 2**20
