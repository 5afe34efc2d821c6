import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_stored_bytes")


def positions_mended(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return 8 + -(-len(gaps) * gap_bits // 8) + -(-values // 8)


def table_mended(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return 8 + -(-values // 8) + len(code)


def codebook_mended(gaps, gap_bits, indices, code, centroids):
    values = sum(len(code[index]) for index in indices)
    return 8 + -(-values // 8) + centroids.numel() * centroids.element_size()


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (positions_mended, "the code for free and the codebook for free"),
        (table_mended, "positions for free and the codebook for free"),
        (codebook_mended, "positions for free and the code for free"),
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
        ("low_rank", "the singular values twice", "left @ right, entry [0, 0]"),
        ("low_rank", "the rank on the wrong side", "the factors: yours '(2, 4) of float64 and (4, 2) of float64'"),
        ("low_rank", "three factors", "the factors: yours 'a tuple of 3', expected '(4, 2) of float64 and (2, 6)"),
        ("low_rank", "the product itself", "the factors: yours 'a Tensor'"),
        ("merge_lora", "the factors in the wrong order", "RuntimeError"),
        ("merge_lora", "the change transposed", "RuntimeError"),
        ("share_weights", "a mean of nothing", "Case 3 of 11, indices, entry ["),
        ("share_weights", "indices as uint8", "indices: yours dtype uint8, expected dtype int64"),
        ("share_weights", "indices in a row", "indices: yours shape (6,), expected shape (2, 3)"),
        ("centroid_gradient", "as many as are used", "yours shape (4,), expected shape (5,)"),
        ("huffman_code", "one symbol, no bits", "the code: yours 'no code for symbol 2, which occurs 7 times'"),
        ("huffman_code", "bits put behind", "its codes: yours "),
        ("huffman_code", "split from the top", "bits of the message: yours 89, expected 87."),
        ("huffman_code", "a dict", "the code: yours 'a dict', expected 'a text of 0 and 1 for each symbol"),
        ("huffman_code", "lengths", "the code: yours 'a int for symbol 0'"),
        ("decode_bits", "padding decoded", "expected a list of 5"),
        ("decode_bits", "pieces of one length", "KeyError"),
        ("relative_indices", "gaps longer than their bits", "yours a list of 3, expected a list of 4"),
        ("mended_stored_bytes", "a fraction of a byte", "expected a whole number"),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda weight, rank: None, "a NoneType"),
        (lambda weight, rank: ([[1.0]], [[2.0]]), "a list and a list"),
        (lambda weight, rank: (weight.float(), weight.T.double()), "(4, 6) of float32 and (6, 4) of float64"),
        (lambda weight, rank: (weight[0], weight[0]), "(6,) of float64 and (6,) of float64"),
        (lambda weight, rank: (weight[:, :2], torch.full_like(weight[:2], torch.nan)), "left @ right, entry [0, 0]"),
    ],
    ids=["nothing", "lists", "two dtypes", "rows", "NaN"],
)
def test_what_are_no_factors_is_named(answer, says):
    verdict = judge(by_name("low_rank"), answer)
    assert verdict.state == "wrong" and says in verdict.line


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda counts: None, "a NoneType"),
        (lambda counts: ["2"] * len(counts), "other letters than 0 and 1 for symbol 0"),
        (lambda counts: ["0"] * (len(counts) + 1), "a list of 6"),
        (lambda counts: ["1" * (i + 1) if c else "" for i, c in enumerate(counts)], "'1' begins '111'"),
        (lambda counts: ["0" if c else "" for c in counts], "'0' begins '0'"),
        (lambda counts: ["0" * 10**5 + "1" if c else "" for c in counts], "its codes"),
    ],
    ids=["nothing", "twos", "one more", "beginnings", "twice the same", "very long"],
)
def test_what_is_no_code_is_named(answer, says):
    verdict = judge(by_name("huffman_code"), answer)
    assert verdict.state == "wrong" and says in verdict.line
    assert len(verdict.line) < 500
