"""Every function and method that has a word goes through a file and gives to the last bit what it gave before."""

import operator

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from featherweight.artifact import decode, encode
from featherweight.artifact.function_words import CALLS, METHODS, arranged
from featherweight.artifact.vocabulary import FUNCTIONS
from featherweight.errors import ArtifactProblem

CASES = {
    F.relu: lambda x: F.relu(x, inplace=False),
    torch.relu: torch.relu,
    F.relu6: F.relu6,
    F.leaky_relu: lambda x: F.leaky_relu(x, negative_slope=0.3),
    F.elu: lambda x: F.elu(x, 0.7),
    F.selu: F.selu,
    torch.selu: torch.selu,
    F.gelu: lambda x: F.gelu(x) + F.gelu(x, approximate="tanh"),
    F.silu: F.silu,
    F.mish: F.mish,
    F.sigmoid: F.sigmoid,
    torch.sigmoid: torch.sigmoid,
    F.tanh: F.tanh,
    torch.tanh: torch.tanh,
    F.hardswish: F.hardswish,
    F.hardsigmoid: F.hardsigmoid,
    F.hardtanh: lambda x: F.hardtanh(x, -0.5, 0.25),
    F.softplus: lambda x: F.softplus(x, beta=2, threshold=3),
    F.softsign: F.softsign,
    F.softmax: lambda x: F.softmax(x, dim=1) + F.softmax(x, -1),
    torch.softmax: lambda x: torch.softmax(x, 1, dtype=torch.float32),
    F.log_softmax: lambda x: F.log_softmax(x, dim=-1),
    torch.log_softmax: lambda x: torch.log_softmax(x, 1),
    F.max_pool1d: lambda x: F.max_pool1d(x[0], 3, stride=2, padding=1, ceil_mode=True),
    torch.max_pool1d: lambda x: torch.max_pool1d(x[0], 2),
    F.max_pool2d: lambda x: F.max_pool2d(x, kernel_size=(2, 1), dilation=2),
    torch.max_pool2d: lambda x: torch.max_pool2d(x, 2),
    F.avg_pool1d: lambda x: F.avg_pool1d(x[0], 3, 1, padding=1, count_include_pad=False),
    F.avg_pool2d: lambda x: F.avg_pool2d(x, (2, 2), stride=[1, 2]),
    F.adaptive_avg_pool1d: lambda x: F.adaptive_avg_pool1d(x[0], 3),
    F.adaptive_avg_pool2d: lambda x: F.adaptive_avg_pool2d(x, (2, 3)),
    F.adaptive_max_pool1d: lambda x: F.adaptive_max_pool1d(x[0], 3),
    F.adaptive_max_pool2d: lambda x: F.adaptive_max_pool2d(x, output_size=2),
    F.pad: lambda x: F.pad(x, (1, 2, 0, 1), value=0.5),
    F.linear: lambda x: F.linear(x, x[0, 0], x[0, 0, :, 0]),
    F.normalize: lambda x: F.normalize(x, p=3.0, dim=-1),
    F.dropout: lambda x: F.dropout(x, 0.5, training=False),
    torch.flatten: lambda x: torch.flatten(x).sum() + torch.flatten(x, 2).sum() + torch.flatten(x, 0, 1).mean(),
    torch.unflatten: lambda x: torch.unflatten(x, 1, (2, 2)),
    torch.reshape: lambda x: torch.reshape(x, (2, -1)),
    torch.transpose: lambda x: torch.transpose(x, 1, 2),
    torch.swapaxes: lambda x: torch.swapaxes(x, 0, -1),
    torch.permute: lambda x: torch.permute(x, (0, 2, 3, 1)),
    torch.unsqueeze: lambda x: torch.unsqueeze(x, 1),
    torch.squeeze: lambda x: torch.squeeze(torch.squeeze(x[:1, :1], 1)),
    torch.cat: lambda x: torch.cat([x, x], dim=1) + torch.cat((x, x), axis=1),
    torch.concat: lambda x: torch.concat([x, x * 2]),
    torch.stack: lambda x: torch.stack([x, -x], dim=-1),
    torch.chunk: lambda x: torch.chunk(x, 2, dim=1)[1],
    torch.split: lambda x: torch.split(x, [1, 3], dim=1)[1] + torch.split(x, 3, 1)[0],
    torch.unbind: lambda x: torch.unbind(x, dim=2)[3],
    torch.arange: lambda x: x * torch.arange(x.size(-1)) + torch.arange(1, 7) + torch.arange(0, 12, 2, device=x.device),
    torch.add: lambda x: torch.add(x, other=2.5),
    operator.add: lambda x: 1 + x + x,
    operator.iadd: lambda x: operator.iadd(x * 1, 2),
    torch.sub: lambda x: torch.sub(x, x.mean()),
    operator.sub: lambda x: 1 - x,
    operator.isub: lambda x: operator.isub(x * 1, 2),
    torch.mul: torch.square,
    operator.mul: lambda x: 2 * x * x,
    operator.imul: lambda x: operator.imul(x * 1, 3),
    torch.div: lambda x: torch.div(x, 3),
    torch.true_divide: lambda x: torch.true_divide(x, 3),
    operator.truediv: lambda x: 1 / x,
    operator.itruediv: lambda x: operator.itruediv(x * 1, 3),
    operator.floordiv: lambda x: x.reshape(x.size(0), x.size(1) // 2, -1),
    torch.pow: lambda x: torch.pow(x, exponent=3),
    operator.pow: lambda x: x**2,
    torch.neg: torch.neg,
    operator.neg: lambda x: -x,
    torch.matmul: lambda x: torch.matmul(x, x.transpose(-1, -2)),
    operator.matmul: lambda x: x @ x.mT,
    torch.bmm: lambda x: torch.bmm(x[0], mat2=x[1].transpose(1, 2)),
    torch.exp: torch.exp,
    torch.log: lambda x: torch.log(x.abs()),
    torch.sqrt: lambda x: torch.sqrt(x.abs()),
    torch.rsqrt: lambda x: torch.rsqrt(x.abs()),
    torch.abs: torch.abs,
    torch.clamp: lambda x: torch.clamp(x, max=0.5) + torch.clamp(x, -1, 1),
    torch.maximum: lambda x: torch.maximum(x, x.mean()),
    torch.minimum: lambda x: torch.minimum(x, -x),
    torch.eq: lambda x: torch.eq(x, x).float(),
    operator.eq: lambda x: (x == 0).float(),
    torch.ne: lambda x: torch.ne(x, 0).float(),
    operator.ne: lambda x: (x != 0).float(),
    torch.lt: lambda x: torch.lt(x, 0.5).float(),
    operator.lt: lambda x: (x < 0.5).float(),
    torch.gt: lambda x: torch.gt(x, other=0.5).float(),
    operator.gt: lambda x: (x > 0.5).long(),
    torch.masked_fill: lambda x: torch.masked_fill(x, x > 0, -1.0),
    torch.where: lambda x: torch.where(x > 0, x, 0.0),
    torch.mean: lambda x: torch.mean(x) + torch.mean(x, dim=(1, 2), keepdim=True),
    torch.sum: lambda x: torch.sum(x, 1, keepdim=True) + torch.sum(x),
    torch.amax: lambda x: torch.amax(x, dim=1, keepdim=True),
    operator.getitem: lambda x: x[..., 1:, :-1:2] + x[:, None, 0, 0, :1, None],
    F.scaled_dot_product_attention: lambda x: (
        F.scaled_dot_product_attention(x, x, x, is_causal=True) + F.scaled_dot_product_attention(x, x, x, scale=0.3)
    ),
    torch.square: torch.square,
}

BY_METHOD = {
    "abs": lambda x: x.abs(),
    "add": lambda x: x.add(2),
    "add_": lambda x: (x * 1).add_(x),
    "amax": lambda x: x.amax((1, 2), keepdim=True),
    "bmm": lambda x: x[0].bmm(x[1].mT),
    "chunk": lambda x: x.chunk(2)[1],
    "clamp": lambda x: x.clamp(min=-1, max=0.5),
    "clamp_": lambda x: (x * 1).clamp_(0),
    "clamp_min": lambda x: x.clamp_min(0.1) + x.clamp_min(min=0.2),
    "clone": lambda x: x.clone(),
    "contiguous": lambda x: x.transpose(1, 2).contiguous(),
    "detach": lambda x: x.detach(),
    "dim": lambda x: x.flatten(x.dim() - 2),
    "div": lambda x: x.div(4),
    "div_": lambda x: (x * 1).div_(4),
    "eq": lambda x: x.eq(x).float(),
    "exp": lambda x: x.exp(),
    "exp_": lambda x: (x * 1).exp_(),
    "expand": lambda x: x[:, :1].expand(-1, 3, -1, -1) + x[:, :1].expand((2, 3, 5, 6)),
    "flatten": lambda x: x.flatten(1) + x.flatten(start_dim=1, end_dim=-1),
    "float": lambda x: (x > 0).float(),
    "gt": lambda x: x.gt(0).float(),
    "log": lambda x: x.abs().log(),
    "log_softmax": lambda x: x.log_softmax(dim=1),
    "long": lambda x: (3 * x).long(),
    "lt": lambda x: x.lt(0).float(),
    "masked_fill": lambda x: x.masked_fill(x > 0, 1.0),
    "masked_fill_": lambda x: (x * 1).masked_fill_(x > 0, 1.0),
    "matmul": lambda x: x.matmul(x.mT),
    "maximum": lambda x: x.maximum(-x),
    "mean": lambda x: x.mean() + x.mean(-1) + x.mean(dim=[-1]),
    "minimum": lambda x: x.minimum(-x),
    "mul": lambda x: x.mul(x),
    "mul_": lambda x: (x * 1).mul_(3),
    "ne": lambda x: x.ne(0).float(),
    "neg": lambda x: x.neg(),
    "permute": lambda x: x.permute(3, 0, 1, 2) + x.permute((3, 0, 1, 2)),
    "pow": lambda x: x.pow(2),
    "relu": lambda x: x.relu(),
    "relu_": lambda x: (x * 1).relu_(),
    "repeat": lambda x: x.repeat(1, 2, 1, 1),
    "reshape": lambda x: x.reshape(len(SHAPE) // 2, -1) + x.reshape(x.shape[0], -1),
    "rsqrt": lambda x: x.abs().rsqrt(),
    "shape": None,  # no method: an attribute, tried below
    "sigmoid": lambda x: x.sigmoid(),
    "sigmoid_": lambda x: (x * 1).sigmoid_(),
    "size": lambda x: x.reshape(x.size(0), -1, x.size(dim=3)).reshape(x.size()),
    "softmax": lambda x: x.softmax(-1),
    "split": lambda x: x.split(3, 1)[1],
    "sqrt": lambda x: x.abs().sqrt(),
    "square": lambda x: x.square(),
    "squeeze": lambda x: x[:1].squeeze(0) + x[:1].squeeze(),
    "sub": lambda x: x.sub(1),
    "sub_": lambda x: (x * 1).sub_(1),
    "sum": lambda x: x.sum() + x.sum((1, 2)),
    "swapaxes": lambda x: x.swapaxes(1, 2),
    "t": lambda x: x[0, 0].t(),
    "tanh": lambda x: x.tanh(),
    "tanh_": lambda x: (x * 1).tanh_(),
    "to": lambda x: (x > 0).to(torch.float32) + x.to(torch.int64) + x.to("cpu") + x.to(dtype=torch.float32),
    "transpose": lambda x: x.transpose(1, -1),
    "unbind": lambda x: x.unbind(1)[2],
    "unflatten": lambda x: x.unflatten(1, (2, 2)),
    "unsqueeze": lambda x: x.unsqueeze(-1),
    "view": lambda x: x.view(2, -1) + x.view((2, -1)),
}

SHAPE = (2, 4, 5, 6)


class Does(nn.Module):
    """A network of one function."""

    def __init__(self, call):
        super().__init__()
        self.call = call

    def forward(self, x):
        return self.call(x)


def same(call):
    torch.manual_seed(0)
    x = torch.randn(SHAPE)
    with torch.no_grad():
        wanted, found = call(x.clone()), decode(encode(Does(call)))(x.clone())
    assert wanted.dtype == found.dtype
    return torch.equal(wanted, found)


def name_of(one):
    return f"{getattr(one, '__module__', '')}.{getattr(one, '__name__', one)}"


@pytest.mark.parametrize("function", CASES, ids=name_of)
def test_a_function_comes_back(function):
    """Oracle: the function itself. `encode` is given no inputs, so it does not compare."""
    assert same(CASES[function])


@pytest.mark.parametrize("method", [one for one, call in BY_METHOD.items() if call])
def test_a_method_comes_back(method):
    assert same(BY_METHOD[method])


def test_attributes_come_back():
    assert same(lambda x: x.reshape(x.shape[0], x.ndim, -1) + x.mT.mT.reshape(x.shape[0], 4, -1))
    assert same(lambda x: x[0, 0].T)


def test_no_function_or_method_is_left_out():
    """A new word without a case fails here."""
    assert set(CASES) == set(CALLS)
    assert set(BY_METHOD) == set(METHODS)
    words = {*CALLS.values(), *METHODS.values()} - {"nothing", "square", "clamp_min", "t", "to"}
    assert words == set(FUNCTIONS) - {"input", "constant", "again", "resize"}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (F.softmax, "softmax without dim"),
        (lambda x: F.softmax(x, 1, dtype=torch.float64), "softmax without dim, or with another dtype"),
        (lambda x: torch.log_softmax(x, 1, dtype=torch.float64), "log_softmax without dim, or with another dtype"),
        (lambda x: torch.arange(x.size(3), dtype=torch.float32) + x, "arange with dtype"),
        (lambda x: torch.arange(0, end=x.size(3)) + x, "arange with end"),
        (lambda x: F.pad(x, (1, 1), "circular"), "a pad of the mode circular"),
        (lambda x: F.avg_pool2d(x, 2, divisor_override=3), "avg_pool2d with more than a pool of sizes"),
        (lambda x: F.max_pool2d(x, 2, return_indices=True)[0], "the function max_pool2d_with_indices"),
        (lambda x: F.adaptive_max_pool2d(x, 2, return_indices=True)[0], "the function adaptive_max_pool2d_with_ind"),
        (lambda x: torch.adaptive_max_pool1d(x[0], 2)[0], "the function adaptive_max_pool1d"),
        (lambda x: x.add(x, alpha=2), "add with alpha"),
        (lambda x: x.div(x, rounding_mode="floor"), "div with rounding_mode"),
        (lambda x: x.sum(1, dtype=torch.float64), "sum with dtype"),
        (lambda x: x.to(torch.float16), "a change to torch.float16"),
        (lambda x: x.std(), r"the method std of tensors \(write square, mean and sqrt\)"),
        (lambda x: torch.einsum("abcd->ab", x), r"the function einsum \(write matmul, transpose and sum\)"),
        (lambda x: x.data, "the attribute data of tensors"),
        (lambda x: x * 1j, "an argument that is a complex"),
        (lambda x: x.split(split_size=2)[0], "split with split_size"),
    ],
)
@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
def test_what_has_no_word_is_refused_by_name(call, said):
    with pytest.raises(ArtifactProblem, match=f"^A .fw file cannot hold {said}"):
        encode(Does(call))


def test_a_call_with_arguments_of_the_wrong_kind_is_refused():
    for arguments, more in [((), {}), (("x",), {}), (("x", 1, 2, 3), {}), (("x", 1), {"dims": 2})]:
        with pytest.raises(ArtifactProblem, match="cannot hold transpose with"):
            arranged("transpose", list(arguments), more)
    assert arranged("transpose", ["x", 0], {"dim1": 1}) == ("transpose", "x", 0, 1)


def test_defaults_and_other_names_of_arguments():
    assert arranged("mean", ["x"], {"axis": 1, "keepdims": True}) == ("mean", "x", 1, True)
    assert arranged("mean", [], {"input": "x"}) == ("mean", "x", None, False)
    assert arranged("sub", ["x"], {"other": 2}) == ("sub", "x", 2)
    assert arranged("sub", ["x", 2], {"out": None}) == ("sub", "x", 2)
    assert arranged("leaky_relu", ["x"], {"inplace": True}) == ("leaky_relu", "x", 0.01)
    assert arranged("nothing", ["x", 0.5], {"training": False}) == ("nothing", "x")
