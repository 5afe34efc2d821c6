import pytest
import torch
from torch import nn

from featherweight.artifact import decode, encode
from featherweight.artifact.header import Graph, Node
from featherweight.artifact.interpreter import network_of, slots
from featherweight.artifact.values import Ref
from featherweight.errors import ArtifactProblem, InputError

MLP = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))


def of(*nodes, tensors=(), **more):
    return network_of(Graph((Node("input", ()), *nodes), Ref(len(nodes))), tensors, **more)


def test_slots_are_the_tensors_in_the_order_of_the_network():
    nodes = (
        Node("input", ()),
        Node("Conv1d", (Ref(0), 2, 3, 5)),
        Node("BatchNorm1d", (Ref(1), 3)),
        Node("constant", ((),)),
    )
    found, modules = slots(Graph(nodes, Ref(2)))
    names = ["weight", "bias", "weight", "bias", "running_mean", "running_var", "values"]
    assert [slot.name for slot in found] == names
    assert [slot.count for slot in found] == [30, 3, 3, 3, 3, 3, 1]
    assert sorted(modules) == [1, 2]


def test_a_decoded_network_stays_as_it_is():
    network = decode(encode(MLP))
    assert not network.train().training
    assert not network(torch.ones(1, 4)).requires_grad
    assert sum(tensor.numel() for tensor in network.parameters()) == 23


def test_results_that_nobody_needs_are_let_go():
    network = of(Node("relu", (Ref(0),)), Node("neg", (Ref(1),)), Node("add", (Ref(2), Ref(0))))
    assert network.last_use == {2: [1], 3: [0, 2]}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ((), "This network takes 1 inputs; got 0."),
        (
            (torch.ones(1, 5),),
            "Node 1 of this network, Linear, cannot take what it gets: .*Look at the shape and dtype",
        ),
        ((torch.ones(1, 4, dtype=torch.int64),), "Node 1 of this network, Linear, cannot take what it gets"),
    ],
    ids=["count", "shape", "dtype"],
)
def test_inputs_that_do_not_fit_are_told(inputs, said):
    with pytest.raises(InputError, match=said) as caught:
        decode(encode(MLP))(*inputs)
    assert "\n" not in str(caught.value)


def test_more_steps_than_allowed_are_not_run():
    assert decode(encode(MLP), macs=30)(torch.ones(9, 4)).shape == (9, 2)
    with pytest.raises(ArtifactProblem, match="Use fewer examples at a time"):
        decode(encode(MLP), macs=20)(torch.ones(9, 4))


GROW = [Node("size", (Ref(0), 0))] + [Node("mul", (Ref(place), Ref(place))) for place in range(1, 60)]
HOSTILE = [
    ([Node("repeat", (Ref(0), (2**20, 2**20)))], ArtifactProblem),
    ([Node("Conv2d", (Ref(0), 1, 1, 1, 1, 2**20, 1, 1, False))], ArtifactProblem),
    ([Node("adaptive_avg_pool2d", (Ref(0), 2**20))], ArtifactProblem),
    ([Node("pad", (Ref(0), (2**30, 2**30)))], ArtifactProblem),
    ([Node("resize", (Ref(0), 1e9, 0))], ArtifactProblem),
    ([Node("arange", (0, 2**39, 1))], ArtifactProblem),
    (GROW, ArtifactProblem),
    ([Node("shape", (Ref(0),)), *(Node("add", (Ref(place), Ref(place))) for place in range(1, 40))], InputError),
    ([Node("relu", ((Ref(0),) * 3,))], InputError),
    ([Node("size", (Ref(0), 99))], InputError),
    ([Node("mean", (Ref(0), -(2**39)))], InputError),
    ([Node("arange", (0, 5, 0))], InputError),
    ([Node("item", (Ref(0), slice(0, 2, -1)))], InputError),
    ([Node("max_pool2d", (Ref(0), 2, 0, 0, 1, False))], InputError),
    ([Node("max_pool2d", (Ref(0), 2**39, 1, 2**38, 1, False))], ArtifactProblem),
    ([Node("div", (1, 0))], InputError),
    ([Node("constant", ((2**20, 0),)), Node("add", (Ref(0), Ref(1)))], InputError),
]


@pytest.mark.parametrize(("nodes", "kind"), HOSTILE, ids=[nodes[-1].word for nodes, _ in HOSTILE])
def test_hostile_nodes_are_refused_before_they_cost(nodes, kind):
    tensors = [torch.zeros(slot.shape) for slot in slots(Graph((Node("input", ()), *nodes), Ref(0)))[0]]
    with pytest.raises(kind) as caught:
        of(*nodes, tensors=tensors)(torch.rand(2, 1, 5, 5))
    assert "\n" not in str(caught.value)
