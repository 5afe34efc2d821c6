import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.artifact.architecture import trace
from featherweight.artifact.header import Node
from featherweight.artifact.interpreter import network_of
from featherweight.artifact.module_words import Unknown, all_unknown
from featherweight.artifact.replacements import INSTEAD
from featherweight.artifact.values import Ref
from featherweight.artifact.vocabulary import FUNCTIONS, LAYERS
from featherweight.errors import ArtifactProblem
from featherweight.lab.networks import lenet_5, residual


class Forward(nn.Module):
    """A network of one function."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.run = forward
        for name, part in parts.items():
            if isinstance(part, torch.Tensor):
                self.register_buffer(name, part)
            else:
                setattr(self, name, part)

    def forward(self, x):
        return self.run(self, x)


class Reader(nn.Module):
    """Embeddings, positions, attention with a mask, a recurrent layer, and weights used twice."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(20, 8)
        self.positions = nn.Parameter(torch.randn(6, 8))
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.blocks = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
        self.memory = nn.GRU(8, 8, batch_first=True)
        self.out = nn.Linear(8, 20, bias=False)
        self.out.weight = self.words.weight
        self.register_buffer("mask", torch.triu(torch.full((6, 6), float("-inf")), 1))

    def forward(self, words):
        batch, length = words.shape
        h = self.words(words) + self.positions[:length]
        h = h + self.attention(h, h, h, attn_mask=self.mask[:length, :length], need_weights=False)[0]
        h = self.blocks(self.norm(h))
        h, _ = self.memory(h)
        q, k, v = self.out(h)[..., :12].chunk(3, -1)
        heads = [part.view(batch, length, 2, 2).transpose(1, 2) for part in (q, k, v)]
        h = F.scaled_dot_product_attention(*heads, is_causal=True).transpose(1, 2).reshape(batch, length, -1)
        return self.norm(torch.cat([h, h * 0.5], dim=-1)).mean(dim=1)


def depthwise():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU6(inplace=True),
        nn.Conv2d(8, 8, (3, 1), padding="same", groups=8, dilation=2),
        nn.Hardswish(),
        nn.ConvTranspose2d(8, 4, 2, stride=2),
        nn.GroupNorm(2, 4),
        nn.PReLU(4),
        nn.AdaptiveAvgPool2d((2, 3)),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(24, 5),
        nn.LogSoftmax(dim=1),
    )


def sequence():
    return nn.Sequential(
        nn.Conv1d(2, 4, 3, stride=2),
        nn.BatchNorm1d(4),
        nn.GELU(approximate="tanh"),
        nn.MaxPool1d(2),
        nn.ConvTranspose1d(4, 3, 3, output_padding=1, stride=2),
        nn.AvgPool1d(3, stride=1),
        nn.LeakyReLU(0.2),
        nn.Softmax(dim=-1),
    )


def calls(network, x):
    """Many functions in a row, each of which torch calls in its own way."""
    h = F.relu(x) + torch.sigmoid(x).square() - x.tanh() / 2
    h = F.max_pool2d(h, 2) + F.avg_pool2d(h, kernel_size=(2, 2)) * F.adaptive_avg_pool2d(h, 4).mean(
        dim=(2, 3), keepdim=True
    )
    h = F.pad(h, (1, 2), value=0.5).clamp(min=-1).permute(0, 2, 3, 1)
    size = h.size(0)
    h = h.reshape(size, -1, h.shape[-1]).unsqueeze(1).expand(-1, 2, -1, -1).flatten(1, 2)
    first = h.split(3, dim=1)[0]
    h = torch.stack([h[:, :3], first], dim=1).sum(1).masked_fill(h[:, :3] > 1, 0.0).to(torch.float32)
    h = torch.where(h.abs() < 0.1, torch.exp(h), h) @ h.transpose(1, 2)
    return F.softmax(F.gelu(h), dim=-1), F.normalize(h, dim=1), h.amax(dim=-1), torch.maximum(h, -h).sqrt()


def image(channels=3, size=8):
    return torch.randn(2, channels, size, size)


NETWORKS = {
    "LeNet-5": (lenet_5, lambda: torch.rand(3, 784)),
    "residual": (residual, lambda: torch.rand(3, 784)),
    "depthwise": (depthwise, lambda: image(3, 9)),
    "sequence": (sequence, lambda: torch.randn(2, 2, 21)),
    "attention": (Reader, lambda: torch.randint(0, 20, (3, 6))),
    "LSTM": (
        lambda: Forward(lambda n, x: n.r(x)[0][:, -1], r=nn.LSTM(4, 3, 2, bidirectional=True)),
        lambda: torch.randn(5, 2, 4),
    ),
    "calls": (lambda: Forward(calls), lambda: image(4, 8)),
    "arange": (lambda: Forward(lambda n, x: x + torch.arange(x.size(1), device=x.device)), lambda: torch.randn(2, 5)),
    "upsampled": (
        lambda: nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.ZeroPad2d(1)),
        image,
    ),
    "weights by hand": (
        lambda: Forward(lambda n, x: F.linear(x, n.w, n.w[0, :2]), w=torch.randn(2, 3)),
        lambda: torch.randn(4, 3),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_network_predicts_the_same_from_its_data(name):
    """Oracle: the network itself, in evaluation mode; to the last bit."""
    torch.manual_seed(0)
    build, inputs = NETWORKS[name]
    network, given = build(), inputs()
    traced = trace(network)
    assert network.training
    found = network_of(traced.graph, [tensor.detach() for tensor in traced.tensors])
    with torch.no_grad():
        wanted, got = network.eval()(given.clone()), found(given.clone())
    pairs = zip(wanted, got, strict=True) if isinstance(wanted, tuple) else [(wanted, got)]
    assert all(torch.equal(one, other) for one, other in pairs)
    state = network.state_dict()
    assert set(traced.names.values()) >= {key for key in state if "num_batches" not in key} - {"out.weight"}


def test_a_network_is_a_few_words():
    nodes = trace(nn.Sequential(nn.Linear(4, 3), nn.Dropout(), nn.ReLU(), nn.Linear(3, 2, bias=False))).graph.nodes
    assert nodes == (
        Node("input", ()),
        Node("Linear", (Ref(0), 4, 3, True)),
        Node("relu", (Ref(1),)),
        Node("Linear", (Ref(2), 3, 2, False)),
    )


def branching(network, x):
    return x if x.sum() > 0 else -x


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (
            nn.Sequential(nn.Bilinear(2, 2, 2)),
            r"A .fw file cannot hold 0, Bilinear\(.*It knows the layers Linear, Conv1d",
        ),
        (nn.Sequential(nn.Conv2d(1, 1, 3, padding_mode="circular")), "cannot hold 0, Conv2d"),
        (nn.Sequential(nn.BatchNorm2d(2, track_running_stats=False)), "cannot hold 0, BatchNorm2d"),
        (Forward(lambda n, x: torch.fft.fft(x)), "cannot hold the function fft_fft"),
        (Forward(lambda n, x: x.sort()), "cannot hold the method sort of tensors"),
        (Forward(lambda n, x: F.pad(x, (1, 1), "reflect")), "cannot hold a pad of the mode reflect"),
        (Forward(lambda n, x: x.to(torch.float64)), "cannot hold a change to torch.float64"),
        (Forward(lambda n, x: x.grad), "cannot hold the attribute grad of tensors"),
        (Forward(branching), "This Forward cannot be followed: .*no if or loop over values of tensors"),
    ],
    ids=["layer", "padding", "statistics", "function", "method", "mode", "dtype", "attribute", "branch"],
)
def test_what_is_not_in_the_vocabulary_is_named(network, said):
    with pytest.raises(ArtifactProblem, match=said) as caught:
        trace(network)
    assert "\n" not in str(caught.value)


def everything(network, x):
    """Four things that no file holds, one of them twice, with known ones between them."""
    x = torch.einsum("bij,bkj->bik", network.three(x), x).relu()
    first, _ = network.pair(x, x).sort()
    return torch.einsum("bij->bji", first).sort()[0] + torch.zeros(1)


def test_all_that_is_not_in_the_vocabulary_is_named_at_once_with_what_could_stand_there():
    network = Forward(everything, three=nn.LocalResponseNorm(3), pair=nn.Bilinear(3, 3, 3))
    with pytest.raises(Unknown) as caught:
        trace(network)
    assert caught.value.what == (
        "three, LocalResponseNorm(3, alpha=0.0001, beta=0.75, k=1.0) (write GroupNorm)",
        "the function einsum (write matmul, transpose and sum)",
        "pair, Bilinear(in1_features=3, in2_features=3, out_features=3, bias=True) (write Linear layers and a product)",
        "the method sort of tensors",
    )
    assert all(part in str(caught.value) for part in caught.value.what)
    assert str(caught.value).endswith("write those parts with these.")


def test_a_long_list_is_cut_and_counted():
    said = str(all_unknown([f"part {number}" for number in range(11)]))
    assert "part 7 and 3 more. It knows" in said
    assert "part 8" not in said


def test_what_could_stand_there_is_in_the_vocabulary():
    """Each hint names something that a file holds, or Python's own arithmetic."""
    words = set(FUNCTIONS) | set(LAYERS) | {"BatchNorm", "ReLU", "ELU", "LeakyReLU", "AvgPool2d", "MaxPool2d"}
    words |= {
        "Softmax",
        "ZeroPad2d",
        "buffer",
        "index",
        "slice",
        "slices",
        "scores",
        "x",
        "square",
        "padding_mode",
        "weight",
        "one",
    }
    for name, hint in INSTEAD.items():
        assert words & set(re.findall(r"\w+", hint)), name
        assert name not in FUNCTIONS, name
