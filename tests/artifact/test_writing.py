import pytest
import torch
from torch import nn

from featherweight.artifact import Codes, Plain, Shared, decode, encode, load, network_with, parts, save
from featherweight.artifact.stored import CODINGS
from featherweight.artifact.writing import format_of
from featherweight.errors import ArtifactProblem, InputError
from featherweight.lab.networks import lenet_300_100

X = torch.randn(4, 12)


@pytest.fixture
def network():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(12, 20), nn.ReLU(), nn.Linear(20, 5))


def stored(network, coding):
    """The first layer as codes, the second shared, with a codebook of its own for the bias, which is used twice."""
    book = torch.linspace(-0.5, 0.5, 9)[torch.randperm(9)]
    shared = {
        name: Shared(torch.randint(0, 9, network.state_dict()[name].shape), book, coding)
        for name in ("2.weight", "2.bias")
    }
    codes = (network[0].weight.detach() * 10).round()
    return shared | {
        "0.weight": Codes(codes, torch.rand(20).half(), coding=coding),
        "0.bias": Codes(torch.zeros(20), 1.0),
    }


@pytest.mark.parametrize("coding", CODINGS)
def test_a_file_predicts_exactly_what_its_tensors_predict(network, coding):
    """Oracle: the network with these tensors; to the last bit."""
    how = stored(network, coding)
    data = encode(network, how)
    with torch.no_grad():
        assert torch.equal(decode(data)(X), network_with(network, how)(X))
    sizes = parts(data)
    assert sum(size for *_, size in sizes) == len(data)
    assert [name for name, part, _ in sizes if part == "codebook"] == ["3 Linear.weight"]
    assert min(size for *_, size in sizes) >= 0


def test_auto_is_the_shortest(network):
    how = {
        name: Codes((network.state_dict()[name] * 9).round(), 0.1, coding="auto") for name in ("0.weight", "2.weight")
    }
    sizes = {}
    for coding in CODINGS:
        chosen = {name: Codes(one.codes, one.scale, coding=coding) for name, one in how.items()}
        sizes[coding] = len(encode(network, chosen))
    assert sizes["auto"] <= min(sizes.values())


def test_what_is_not_named_is_kept_as_it_is(network):
    with torch.no_grad():
        assert torch.equal(decode(encode(network))(X), network(X))
    assert len(encode(network)) == 4 * sum(p.numel() for p in network.parameters()) + len(b"fw.") + 4 + 16


def test_the_header_of_lenet_is_small():
    assert parts(encode(lenet_300_100()))[0] == ("file", "header", 29)


def test_a_tensor_with_two_names_is_stored_once():
    network = nn.Sequential(nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 6))
    network[2].weight = network[0].weight
    alone = nn.Sequential(nn.Linear(6, 6), nn.Tanh())
    how = {"2.weight": Plain(network[0].weight, "float16")}
    data = encode(network, how)
    assert len(data) < len(encode(alone)) + 40
    wanted = network_with(network, how)
    assert torch.equal(decode(data)(X[:, :6]), wanted(X[:, :6]).detach())
    with pytest.raises(InputError, match=r"0.weight and 2.weight are one tensor"):
        encode(network, how | {"0.weight": Plain(network[0].weight)})


def test_a_file_is_written_wholly_or_not_at_all(network, tmp_path):
    size = save(tmp_path / "net.fw", network)
    assert size == (tmp_path / "net.fw").stat().st_size == len(encode(network))
    assert torch.equal(load(tmp_path / "net.fw")(X), network(X).detach())
    with pytest.raises(ArtifactProblem, match=r"cannot be written: No such file or directory. Look at the folder"):
        save(tmp_path / "nowhere" / "net.fw", network)
    with pytest.raises(ArtifactProblem):
        save(tmp_path, network)
    assert [path.name for path in tmp_path.iterdir()] == ["net.fw"]


class InPlace(nn.Module):
    def forward(self, x):
        y = x * 1
        return y.relu_() + y * 2


def test_examples_find_what_the_file_cannot_say():
    """Planted: a tensor that is changed in place and used again."""
    with pytest.raises(ArtifactProblem, match="does not predict the same when it is written"):
        encode(InPlace(), {}, X)


WEIGHT = torch.zeros(20, 12)
REFUSED = [
    ({"3.weight": Plain(WEIGHT)}, r"No tensor of the network is called '3.weight'"),
    ({"0.weight": Plain(WEIGHT, "int4")}, "stored as 'int4'; this can be float32, float16"),
    ({"0.weight": Codes(WEIGHT, 1.0, coding="zip")}, "stored as 'zip'; this can be adaptive, raw"),
    ({"0.weight": Plain(WEIGHT.T)}, r"has the shape \(20, 12\); got \(12, 20\)"),
    ({"0.weight": Codes(WEIGHT + 0.5, 1.0)}, "codes from 0.5 to 0.5; wanted whole numbers"),
    ({"0.weight": Codes(WEIGHT + 9, 1.0, bits=3)}, "from 9 to 9, which do not fit in 3 bits"),
    ({"0.weight": Codes(WEIGHT, torch.ones(12))}, "12 scales; wanted 1, or one for each of its 20 rows"),
    ({"0.weight": Codes(WEIGHT, float("nan"))}, "0.weight holds NaN"),
    ({"0.weight": Codes(WEIGHT, float("inf"))}, "0.weight has scales with infinity"),
    ({"0.weight": Shared(WEIGHT.long() + 4, torch.ones(4))}, "indices 4 … 4; there are 4 centroids"),
    ({"0.weight": Plain(WEIGHT * float("nan"))}, "holds NaN"),
]


@pytest.mark.parametrize(("how", "said"), REFUSED, ids=[said[:20] for _, said in REFUSED])
def test_what_cannot_be_stored_is_told(network, how, said):
    with pytest.raises(InputError, match=said) as caught:
        encode(network, how)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("values", "form"), [([0.5, 3.0], "float16"), ([2.0**-60], "bfloat16"), ([0.1], "float32")])
def test_scales_take_the_shortest_format_that_is_exact(values, form):
    assert format_of(torch.tensor(values)) == form
