import re

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from featherweight.compression.sparse_indices import from_relative_indices, relative_indices
from featherweight.errors import FeatherweightError, InputError

masks = st.lists(st.booleans(), max_size=80)
bits_of_an_entry = st.integers(1, 8)


def by_text(mask, bits):
    """The oracle: runs of zeros before each 1 in a text, cut from the front by a regular expression."""
    filler = 2**bits - 1
    found = []
    for zeros in re.findall("(0*)1", "".join("01"[survives] for survives in mask)):
        pieces = re.findall(f"0{{{filler}}}", zeros)
        found += [len(piece) for piece in pieces] + [len(zeros) - filler * len(pieces)]
    return found


@given(masks, bits_of_an_entry)
@example([], 3)
@example([False] * 9, 2)
@example([True], 1)
@example([False, False, False, True], 2)
@example([False] * 6 + [True], 2)
def test_gaps_are_runs_of_zeros(mask, bits):
    """Oracle: regular expressions on a text, exactly; and back."""
    gaps = relative_indices(torch.tensor(mask, dtype=torch.bool), bits)
    assert gaps == by_text(mask, bits)
    assert all(0 <= gap < 2**bits for gap in gaps)
    assert sum(gap != 2**bits - 1 for gap in gaps) == sum(mask)
    assert from_relative_indices(gaps, bits, len(mask)).tolist() == mask


def test_the_docstrings_example_and_a_matrix_read_row_by_row():
    mask = torch.tensor([0, 1, 0, 0, 0, 0, 1, 1, 0]).bool()
    assert relative_indices(mask, 2) == [1, 3, 1, 0]
    assert relative_indices(mask.reshape(3, 3), 2) == [1, 3, 1, 0]


@pytest.mark.parametrize(
    ("gaps", "length", "says"),
    [
        ([0, 4], 9, "Gap 1 is 4; wanted 0 to 3, which is what 2 bits hold."),
        ([-1], 9, "Gap 0 is -1; wanted 0 to 3, which is what 2 bits hold."),
        ([0, 2], 3, "Gap 1 leads to place 3 of 3. The gaps or the length are damaged."),
        ([3, 3, 0], 5, "Gap 1 leads to place 5 of 5. The gaps or the length are damaged."),
        ([0, 3], 9, "The gaps end in a filler; wanted a survivor after it. They are damaged."),
        ([], -1, "A mask of -1 places is too long; at most 268,435,456 are decoded."),
        ([], 2**60, "A mask of 1,152,921,504,606,846,976 places is too long"),
    ],
)
def test_damaged_gaps_are_named(gaps, length, says):
    with pytest.raises(InputError) as caught:
        from_relative_indices(gaps, 2, length)
    assert says in str(caught.value)


@given(st.lists(st.integers(-2, 9), max_size=30), st.integers(1, 3), st.integers(-1, 60))
def test_any_gaps_give_an_error_of_ours_or_a_mask_of_that_length(gaps, bits, length):
    try:
        mask = from_relative_indices(gaps, bits, length)
    except FeatherweightError:
        return
    assert mask.shape == (length,) and relative_indices(mask, bits) == gaps
