"""Data from files and from Python, whole parts of it, and one line for what cannot be used."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch.utils.data import DataLoader, TensorDataset

from featherweight.artifact.compress.data import Examples, examples, split
from featherweight.errors import FileProblem, InputError

INPUTS = torch.arange(600.0).view(200, 3)
LABELS = torch.arange(200) % 4


def as_npz(path):
    np.savez(path / "d.npz", inputs=INPUTS.numpy(), labels=LABELS.numpy())
    return path / "d.npz"


def as_pt(path):
    torch.save({"x": INPUTS, "y": LABELS}, path / "d.pt")
    return str(path / "d.pt")


def as_pair_file(path):
    torch.save((INPUTS, LABELS), path / "d.pth")
    return path / "d.pth"


def as_safetensors(path):
    save_file({"inputs": INPUTS, "labels": LABELS}, path / "d.safetensors")
    return path / "d.safetensors"


@pytest.mark.parametrize(
    "given",
    [
        as_npz,
        as_pt,
        as_pair_file,
        as_safetensors,
        lambda _: (INPUTS, LABELS),
        lambda _: (INPUTS.double().numpy(), LABELS.short().numpy()),
        lambda _: {"data": INPUTS, "targets": LABELS.float()},
        lambda _: TensorDataset(INPUTS, LABELS),
        lambda _: DataLoader(TensorDataset(INPUTS, LABELS), 64),
        lambda _: [(row, int(label)) for row, label in zip(INPUTS, LABELS, strict=True)],
        lambda _: Examples(INPUTS, LABELS),
        lambda _: (INPUTS, LABELS[:, None]),
    ],
    ids=[
        "npz",
        "pt",
        "pair",
        "safetensors",
        "tensors",
        "arrays",
        "mapping",
        "dataset",
        "loader",
        "list",
        "examples",
        "column",
    ],
)
def test_the_same_examples_from_everywhere(given, tmp_path):
    found, validation, test = examples(given(tmp_path))
    assert torch.equal(found.inputs, INPUTS)
    assert torch.equal(found.labels, LABELS)
    assert found.labels.dtype == torch.int64
    assert validation is None
    assert test is None


def test_three_parts_share_nothing_and_lose_nothing():
    parts = split((INPUTS, LABELS), seed=3)
    whole = [parts.train, parts.validation, parts.held_out]
    assert [len(part) for part in whole] == [120, 40, 40]
    assert sorted(torch.cat([part.inputs[:, 0] for part in whole]).tolist()) == INPUTS[:, 0].tolist()
    assert all(part.labels.bincount().unique().numel() == 1 for part in whole)  # every class in proportion
    assert all(torch.equal(part.labels, (part.inputs[:, 0] / 3).long() % 4) for part in whole)
    assert not parts.unseen


def test_the_seed_decides():
    first, same, other = (split((INPUTS, LABELS), seed).train.inputs for seed in (0, 0, 1))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_a_test_part_chooses_and_measures_in_halves():
    data = {"inputs": INPUTS, "labels": LABELS, "test_inputs": INPUTS[:80] + 1000, "test_labels": LABELS[:80]}
    parts = split(data, 0)
    assert parts.unseen
    assert torch.equal(parts.train.inputs, INPUTS)
    assert [len(parts.validation), len(parts.held_out)] == [40, 40]
    both = torch.cat([parts.validation.inputs, parts.held_out.inputs])
    assert sorted(both[:, 0].tolist()) == data["test_inputs"][:, 0].tolist()


def test_a_validation_part_chooses():
    data = {"inputs": INPUTS, "labels": LABELS, "test_inputs": INPUTS[:80] + 1000, "test_labels": LABELS[:80]}
    parts = split(data | {"validation_inputs": INPUTS[:50] + 2000, "validation_labels": LABELS[:50]}, 0)
    assert parts.unseen
    assert torch.equal(parts.validation.inputs, INPUTS[:50] + 2000)
    assert torch.equal(parts.held_out.inputs, INPUTS[:80] + 1000)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (3, r"^The data is int; wanted inputs \(n, …\) and labels \(n,\), a Dataset, a DataLoader or a file's path\.$"),
        ((INPUTS, LABELS[:9]), r"^Got inputs of shape \(200, 3\) and labels of shape \(9,\); wanted inputs \(n, …\)"),
        (
            (INPUTS, INPUTS),
            r"^Got inputs of shape \(200, 3\) and labels of shape \(200, 3\).*each token or pixel",
        ),
        ((INPUTS, torch.eye(2)[LABELS % 2]), r"labels of shape \(200, 2\).*class: of these, labels\.argmax\(1\)\.$"),
        ({"inputs": {"a": INPUTS}, "labels": LABELS}, r"^The data holds a dict that.*Only networks of one input are"),
        (
            {"inputs": (INPUTS, INPUTS), "labels": LABELS},
            r"^The data holds a tuple that.*Only networks of one input",
        ),
        ((INPUTS, LABELS + 0.5), r"^The labels are numbers with a fraction; wanted the number of each example's class"),
        ((INPUTS, LABELS - 1), r"^A label is -1; wanted classes numbered from 0\.$"),
        ((INPUTS / 0, LABELS), r"^The inputs hold NaN or infinity; wanted finite numbers"),
        ((INPUTS[:60], LABELS[:60]), r"^The data has 60 examples; wanted at least 100"),
        ((INPUTS, LABELS * 0), r"^All labels of the data are alike; wanted at least two classes\.$"),
        ({"pictures": INPUTS}, r"^The data holds 'pictures'; wanted arrays of the names 'inputs' and 'labels'\.$"),
        (
            {"inputs": INPUTS, "labels": LABELS, "test_inputs": INPUTS},
            r"^The data holds only one of 'test_inputs' and ",
        ),
        (
            {"inputs": INPUTS, "labels": LABELS, "test_inputs": INPUTS[:9], "test_labels": LABELS[:9]},
            r"^'test_inputs' has 9 examples; wanted at least 40, or none\.$",
        ),
        ([1, 2, 3], r"^The data gives int for one example; wanted pairs \(inputs, label\)\.$"),
        ([(INPUTS[0], 1), (INPUTS[0, :2], 1)], r"^The examples are not of one shape .* pad or crop them to one\.$"),
        ([], r"^The data has 0 examples; wanted at least 100\.$"),
        ((np.array(["a", "b"]), LABELS[:2]), r"^The data holds a ndarray of text or objects; wanted"),
        ("data.csv", r"^Data comes in a file \.npz, \.pt, \.pth or \.safetensors; got data\.csv\."),
    ],
    ids=[
        "int",
        "rows",
        "columns",
        "one-hot",
        "dict",
        "tuple",
        "fraction",
        "negative",
        "infinite",
        "few",
        "alike",
        "names",
        "half",
        "nine",
        "pairs",
        "shapes",
        "empty",
        "words",
        "csv",
    ],
)
def test_what_cannot_be_used(given, line):
    with pytest.raises(InputError, match=line):
        split(given, 0)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileProblem, match=r"^There is no file .*none\.npz; wanted data in \.npz"):
        split(tmp_path / "none.npz", 0)


@pytest.mark.parametrize("name", ["d.npz", "d.pt", "d.safetensors"])
def test_a_damaged_file(name, tmp_path):
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(FileProblem, match=r"^Could not read the data in d\..*; wanted plain tensors or arrays"):
        split(tmp_path / name, 0)


class Bomb:
    def __reduce__(self):
        return print, ("it ran",)


def test_data_runs_no_code(tmp_path, capsys):
    torch.save({"inputs": Bomb(), "labels": LABELS}, tmp_path / "d.pt")
    np.savez(tmp_path / "d.npz", inputs=np.array([Bomb()], dtype=object), labels=LABELS.numpy())
    for name in ("d.pt", "d.npz"):
        with pytest.raises(FileProblem, match=r"^Could not read the data in d\."):
            split(tmp_path / name, 0)
    assert capsys.readouterr().out == ""
