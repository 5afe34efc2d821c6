import pytest
import torch
import torch_pruning
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from featherweight.compression import deletion
from featherweight.compression.deletion import deleted, masked
from featherweight.compression.dependencies import groups
from featherweight.errors import InputError
from featherweight.lab import networks

INPUTS = torch.rand(4, 784, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def lived_in(network):
    """In float64, with biases and batch normalization as after training: none of them 0 or 1."""
    generator = torch.Generator().manual_seed(1)
    for name, tensor in network.double().eval().state_dict().items():
        if tensor.dim() == 1:
            drawn = torch.rand(tensor.shape, generator=generator, dtype=torch.float64)
            tensor.copy_(drawn + 0.5 if name.endswith("running_var") else drawn - 0.3)
    return network


def unpadded():
    """Convolution, batch normalization, pooling, convolution, flattening: everything that folds."""
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 5, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(5), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(5, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.Linear(150, 10, bias=False),
    )  # fmt: skip


NETWORKS = {
    name: lived_in(build())
    for name, build in {
        "LeNet-300-100": networks.lenet_300_100,
        "LeNet-5": networks.lenet_5,
        "residual": networks.residual,
        "unpadded": unpadded,
    }.items()
}
named = pytest.mark.parametrize("name", NETWORKS)


@torch.no_grad()
def apart(network, keeps):
    outputs = [make(network, INPUTS, keeps)(INPUTS) for make in (masked, deleted)]
    return (outputs[0] - outputs[1]).abs().max().item()


@st.composite
def choices(draw, network):
    """A mask for some of the groups: from one channel to all, anywhere."""
    keeps = {}
    for name, group in groups(network, INPUTS).items():
        count = draw(st.sampled_from([1, group.size, *range(2, group.size)]))
        order = torch.randperm(group.size, generator=torch.Generator().manual_seed(draw(st.integers(0, 99))))
        keeps[name] = order < count
    return {name: keeps[name] for name in draw(st.sets(st.sampled_from(sorted(keeps)), min_size=1))}


@named
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_deleting_equals_masking(name, data):
    assert apart(NETWORKS[name], data.draw(choices(NETWORKS[name]))) < 1e-9


@named
@pytest.mark.parametrize("left", ["one", "all"])
def test_all_but_one_and_none(name, left):
    network = NETWORKS[name]
    sizes = {key: group.size for key, group in groups(network, INPUTS).items()}
    keeps = {key: (torch.arange(size) == size // 2) | (left == "all") for key, size in sizes.items()}
    assert apart(network, keeps) < 1e-9
    if left == "all":
        assert torch.equal(deleted(network, INPUTS, keeps)(INPUTS), network(INPUTS))


@named
def test_without_the_fold_they_differ(name, monkeypatch):
    """The planted failure, for the three networks that have something to fold."""
    monkeypatch.setattr(deletion, "_fold", lambda *_: None)
    keeps = {key: torch.arange(group.size) % 2 == 0 for key, group in groups(NETWORKS[name], INPUTS).items()}
    assert (apart(NETWORKS[name], keeps) > 1e-3) == (name != "residual")


def test_the_given_network_stays_as_it_was():
    network = networks.residual()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    smaller = deleted(network, INPUTS.float(), {"1": torch.arange(16) < 3})
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())
    assert smaller.training and smaller[1].out_channels == smaller[4].inside[0].in_channels == 3
    assert smaller[4].inside[4].num_features == 3


@pytest.mark.parametrize(
    ("keeps", "says"),
    [
        ({"0": torch.zeros(300, dtype=torch.bool)}, "Of the 300 channels of '0' none would stay; wanted at least one"),
        ({"0": torch.ones(300)}, r"The mask of '0' is torch.float32 .* wanted bool of shape \(300,\)"),
        ({"0": torch.ones(3, dtype=torch.bool)}, r"of shape \(3,\); wanted bool of shape \(300,\)"),
        ({"4": torch.ones(10, dtype=torch.bool)}, "No group of channels starts at '4'; wanted one of '0', '2'"),
    ],
    ids=["empty", "floats", "short", "output"],
)
@pytest.mark.parametrize("function", [masked, deleted])
def test_a_bad_choice_is_one_line(function, keeps, says):
    with pytest.raises(InputError, match=says):
        function(networks.lenet_300_100(), INPUTS.float(), keeps)


PRUNERS = {nn.Linear: torch_pruning.prune_linear_out_channels, nn.Conv2d: torch_pruning.prune_conv_out_channels}


@pytest.mark.parametrize("name", ["LeNet-300-100", "LeNet-5", "residual"])
def test_torch_pruning_gives_the_same_shapes(name):
    build = {"LeNet-300-100": networks.lenet_300_100, "LeNet-5": networks.lenet_5, "residual": networks.residual}[name]
    theirs, inputs = build().eval(), INPUTS.float()
    keeps = {key: torch.arange(group.size) % 3 != 1 for key, group in groups(theirs, inputs).items()}
    ours = deleted(theirs, inputs, keeps)
    for key, keep in keeps.items():
        layer = theirs.get_submodule(key)
        graph = torch_pruning.DependencyGraph().build_dependency(theirs, example_inputs=inputs)
        gone = (~keep).nonzero().flatten().tolist()
        graph.get_pruning_group(layer, PRUNERS[type(layer)], idxs=gone).prune()
    shapes = [{key: tuple(tensor.shape) for key, tensor in one.state_dict().items()} for one in (ours, theirs)]
    assert shapes[0] == shapes[1]
