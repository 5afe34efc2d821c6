import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_binary_step")


def base_mended(latent, inputs, targets, learning_rate):
    error = inputs @ latent.T - targets
    return latent - learning_rate * error.T @ inputs / len(inputs)


def error_mended(latent, inputs, targets, learning_rate):
    signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
    error = inputs @ signs.T - targets
    return signs - learning_rate * error.T @ inputs / len(inputs)


def clip_mended(latent, inputs, targets, learning_rate):
    signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
    error = inputs @ latent.T - targets
    return torch.clamp(signs - learning_rate * error.T @ inputs / len(inputs), -1, 1)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (base_mended, "outputs of the latent weights and no clip"),
        (error_mended, "latent weights overwritten and no clip"),
        (clip_mended, "latent weights overwritten and outputs of the latent weights"),
    ],
)
def test_mending_one_fault_leaves_the_other_two_named(answer, left):
    assert judge(BUG_HUNT, answer).misconception == left


def test_the_handed_over_function_has_all_three_faults(handed_over):
    state, named = handed_over(BUG_HUNT)
    assert state == "not started" and named.count(" and ") == 2


@pytest.mark.parametrize(
    ("name", "misconception", "says"),
    [
        ("straight_through", "a gradient of zero", "the gradient in x, entry ["),
        (
            "straight_through",
            "cut off from x",
            "yours 'a tensor that is cut off from x', expected 'a tensor from which",
        ),
        ("straight_through", "codes as int64", "its values: yours dtype int64, expected dtype float64"),
        ("straight_through", "x overwritten", "the gradient in x"),
        ("straight_through", "no range", "its values, entry ["),
        ("straight_through", "rounded in place", "RuntimeError"),
        ("lsq_gradient", "a gradient for each weight", "yours shape (6,), expected shape ()"),
        ("ternary_absmean", "codes as floats", "codes: yours dtype float64, expected dtype int8"),
        ("ternary_absmean", "the scale first", "codes: yours shape (), expected shape (2, 3)"),
        ("pack_nibbles", "a byte for each code", "yours shape (5,), expected shape (3,)"),
        ("pack_nibbles", "rows of two", "RuntimeError"),
        ("unpack_nibbles", "the count forgotten", "yours shape (6,), expected shape (5,)"),
        ("pack_signs", "bytes as int64", "yours dtype int64, expected dtype uint8"),
        ("xnor_popcount_matmul", "rows and columns swapped", "yours shape (3, 2), expected shape (2, 3)"),
        ("mended_binary_step", "signs returned", "output 0, entry ["),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x, low, high: None, "nothing (is a return missing?)"),
        (lambda x, low, high: x.tolist(), "a list"),
        (lambda x, low, high: x.detach().numpy(), "a ndarray"),
        (lambda x, low, high: x.sum(), "its values: yours shape (), expected shape (14,)"),
    ],
    ids=["nothing", "list", "array", "another shape"],
)
def test_what_carries_no_gradient_is_named(answer, says):
    verdict = judge(by_name("straight_through"), answer)
    assert verdict.state == "wrong" and says in verdict.line
