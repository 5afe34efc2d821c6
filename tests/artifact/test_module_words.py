"""Every layer that has a word goes through a file and predicts to the last bit what it predicted before."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, prune

from featherweight.artifact import decode, encode
from featherweight.artifact.module_words import MODULES, NOTHING, REFUSED, SETTINGS, only
from featherweight.artifact.vocabulary import FUNCTIONS, LAYERS
from featherweight.errors import ArtifactProblem

FLAT, LINE, PICTURE, WORDS = (3, 8), (3, 8, 12), (2, 4, 9, 9), None

CASES = [
    (nn.ReLU(), FLAT),
    (nn.ReLU(inplace=True), FLAT),
    (nn.ReLU6(), FLAT),
    (nn.LeakyReLU(0.3), FLAT),
    (nn.ELU(0.7), FLAT),
    (nn.SELU(), FLAT),
    (nn.GELU(), FLAT),
    (nn.GELU("tanh"), FLAT),
    (nn.SiLU(), FLAT),
    (nn.Mish(), FLAT),
    (nn.Sigmoid(), FLAT),
    (nn.Tanh(), FLAT),
    (nn.Hardswish(), FLAT),
    (nn.Hardsigmoid(), FLAT),
    (nn.Hardtanh(-0.5, 0.25), FLAT),
    (nn.Softplus(2, 3), FLAT),
    (nn.Softsign(), FLAT),
    (nn.Softmax(-1), FLAT),
    (nn.LogSoftmax(0), FLAT),
    (nn.MaxPool1d(3, 2, 1, ceil_mode=True), LINE),
    (nn.MaxPool2d((2, 3), dilation=2), PICTURE),
    (nn.AvgPool1d(3, 2, 1, count_include_pad=False), LINE),
    (nn.AvgPool2d((2, 3), (1, 2), 1, ceil_mode=True, count_include_pad=False), PICTURE),
    (nn.AdaptiveAvgPool1d(5), LINE),
    (nn.AdaptiveAvgPool2d((2, 3)), PICTURE),
    (nn.AdaptiveMaxPool1d(5), LINE),
    (nn.AdaptiveMaxPool2d(2), PICTURE),
    (nn.Flatten(2), PICTURE),
    (nn.Unflatten(1, (2, 4)), LINE),
    (nn.Upsample(scale_factor=2), PICTURE),
    (nn.Upsample(scale_factor=1.5, mode="bilinear"), PICTURE),
    (nn.ZeroPad2d((1, 0, 2, 3)), PICTURE),
    (nn.Linear(8, 5), FLAT),
    (nn.Linear(8, 5, bias=False), FLAT),
    (nn.Conv1d(8, 6, 3, 2, 1, 2, groups=2, bias=False), LINE),
    (nn.Conv1d(8, 6, 4, padding="valid"), LINE),
    (nn.Conv2d(4, 6, (3, 2), (1, 2), (0, 1)), PICTURE),
    (nn.Conv2d(4, 8, 3, padding="same", dilation=2, groups=4), PICTURE),
    (nn.ConvTranspose1d(8, 6, 3, 2, 1, 1, groups=2, dilation=2), LINE),
    (nn.ConvTranspose2d(4, 6, (3, 2), 2, 1, (1, 0), bias=False), PICTURE),
    (nn.BatchNorm1d(8, 1e-3), LINE),
    (nn.BatchNorm2d(4, affine=False), PICTURE),
    (nn.LayerNorm((8, 12), 1e-4), LINE),
    (nn.LayerNorm(12, bias=False), LINE),
    (nn.LayerNorm(12, elementwise_affine=False), LINE),
    (nn.GroupNorm(2, 8, 1e-4), LINE),
    (nn.GroupNorm(2, 8, affine=False), LINE),
    (nn.RMSNorm(12, 1e-3), LINE),
    (nn.RMSNorm((8, 12), elementwise_affine=False), LINE),
    (nn.PReLU(), LINE),
    (nn.PReLU(8), LINE),
    (nn.Embedding(20, 6, padding_idx=0), WORDS),
    (nn.TransformerEncoderLayer(12, 3, 20, batch_first=True), LINE),
    (nn.TransformerEncoderLayer(12, 3, 20, 0.5, "gelu", 1e-3, True, norm_first=True, bias=False), LINE),
    (nn.TransformerEncoderLayer(12, 3, 20, activation=nn.GELU(), batch_first=True), LINE),
    *((kind(), LINE if kind is nn.Dropout1d else PICTURE) for kind in NOTHING),
]


class Called(nn.Module):
    """A layer that is called in a way of its own."""

    def __init__(self, layer, call):
        super().__init__()
        self.layer, self.call = layer, call

    def forward(self, x):
        return self.call(self.layer, x)


CALLED = [
    (nn.MultiheadAttention(12, 3, batch_first=True), lambda m, x: m(x, x, x)),
    (nn.MultiheadAttention(12, 4, bias=False), lambda m, x: m(x, x, x, need_weights=False)[0]),
    (nn.GRU(12, 5, 2, batch_first=True, bidirectional=True), lambda m, x: m(x)),
    (nn.GRU(12, 5, bias=False), lambda m, x: m(x)[0]),
    (nn.LSTM(12, 5, 2, batch_first=True), lambda m, x: m(x)[0]),
    (nn.LSTM(12, 5, bidirectional=True, bias=False), lambda m, x: m(x)[1][1]),
]


def settled(network):
    """Evaluation mode, and numbers everywhere that no layer begins with."""
    torch.manual_seed(1)
    for tensor in [*network.parameters(), *network.buffers()]:
        if tensor.is_floating_point():
            tensor.data.copy_(torch.rand_like(tensor) + 0.1)
    return network.eval()


def given(shape):
    torch.manual_seed(2)
    return torch.randint(0, 20, (3, 7)) if shape is None else torch.randn(shape)


def flat(result):
    return [one for part in result for one in flat(part)] if isinstance(result, tuple) else [result]


def said(one):
    """The name of a case, the same in every process."""
    return repr(one)[:60] if isinstance(one, nn.Module) else ""


@pytest.mark.parametrize(("layer", "shape"), CASES, ids=lambda one: repr(one)[:60])
def test_a_layer_comes_back(layer, shape):
    """Oracle: the layer itself. `encode` is given no inputs, so it does not compare."""
    network, x = settled(nn.Sequential(layer)), given(shape)
    with torch.no_grad():
        wanted = network(x.clone())
        assert torch.equal(decode(encode(network))(x.clone()), wanted)


@pytest.mark.parametrize(("layer", "call"), CALLED, ids=said)
def test_a_layer_that_gives_several_things_comes_back(layer, call):
    network, x = settled(Called(layer, call)), given(LINE)
    with torch.no_grad():
        wanted, found = flat(network(x)), flat(decode(encode(network))(x))
    assert len(wanted) == len(found)
    assert all(torch.equal(one, other) for one, other in zip(wanted, found, strict=True))


def test_no_kind_is_left_out():
    """A new word without a case fails here."""
    tried = {type(layer) for layer, _ in [*CASES, *CALLED]}
    assert tried == set(MODULES) | set(SETTINGS) | set(NOTHING)
    assert {kind.__name__ for kind in SETTINGS} == set(LAYERS)
    assert set(REFUSED) <= set(SETTINGS) | set(MODULES)


def test_every_layer_says_words_that_there_are():
    for layer, _ in CASES:
        if type(layer) in MODULES:
            word, *settings = MODULES[type(layer)](layer)
            assert 1 + len(settings) <= len(FUNCTIONS[word].names), layer


CUSTOM = nn.TransformerEncoderLayer(12, 3, 20, batch_first=True)
CUSTOM.norm2 = nn.RMSNorm(12)
OTHER_EPS = nn.TransformerEncoderLayer(12, 3, 20, batch_first=True)
OTHER_EPS.norm2.eps = 1e-3


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv1d(2, 2, 3, padding=1, padding_mode="circular"),
        nn.Conv2d(2, 2, 3, padding=1, padding_mode="reflect"),
        nn.BatchNorm1d(2, track_running_stats=False),
        nn.BatchNorm2d(2, track_running_stats=False),
        nn.Embedding(9, 2, max_norm=1.0),
        nn.MultiheadAttention(12, 3, kdim=5),
        nn.MultiheadAttention(12, 3, add_bias_kv=True),
        nn.MultiheadAttention(12, 3, add_zero_attn=True),
        nn.TransformerEncoderLayer(12, 3, 20),
        nn.TransformerEncoderLayer(12, 3, 20, activation=F.silu, batch_first=True),
        nn.TransformerEncoderLayer(12, 3, 20, activation=nn.GELU("tanh"), batch_first=True),
        CUSTOM,
        OTHER_EPS,
        nn.LSTM(3, 4, proj_size=2),
        nn.MaxPool1d(2, return_indices=True),
        nn.MaxPool2d(2, return_indices=True),
        nn.AdaptiveMaxPool1d(2, return_indices=True),
        nn.AdaptiveMaxPool2d(2, return_indices=True),
        nn.AvgPool2d(2, divisor_override=3),
        nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
        nn.Upsample(scale_factor=2, mode="bicubic"),
        nn.Upsample(5),
        nn.RNN(3, 4),
        nn.Conv3d(1, 1, 2),
    ],
    ids=lambda one: repr(one)[:70],
)
def test_settings_without_a_word_are_refused_by_name(layer):
    """Planted: without the refusal the file would predict something else, or the reader would stumble."""
    with pytest.raises(ArtifactProblem, match=f"^A .fw file cannot hold .*{type(layer).__name__}"):
        encode(nn.Sequential(layer))


def test_every_refusal_is_tried():
    marks = test_settings_without_a_word_are_refused_by_name.pytestmark
    assert set(REFUSED) <= {type(layer) for layer in marks[0].args[1]}


@pytest.mark.parametrize("hooked", [True, False], ids=["hooks", "parametrized"])
def test_a_weight_that_is_computed_in_each_call_is_refused_with_the_cure(hooked):
    network = nn.Sequential(nn.Linear(4, 4))
    if hooked:
        prune.l1_unstructured(network[0], "weight", 0.5)
    else:
        parametrizations.weight_norm(network[0])
    with pytest.raises(ArtifactProblem, match=r"^A \.fw file cannot hold 0, .*\(write its final weight: parametrize"):
        encode(network)
    if hooked:
        prune.remove(network[0], "weight")
        assert encode(network)


@pytest.mark.parametrize(
    ("value", "found"), [((3, 3), 3), ((3, 2), (3, 2)), ([2, 2], 2), ([2, 3], (2, 3)), (4, 4), ((), ())]
)
def test_equal_sizes_are_one(value, found):
    assert only(value) == found
