"""The command: files in, two files and a few lines out, one line and status 2 where the goal is out of reach."""

import sys

import numpy as np
import pytest
import torch

from featherweight import cli
from featherweight.artifact import load
from featherweight.artifact.compress import command, models
from featherweight.errors import InputError


@pytest.fixture
def files(own, tmp_path):
    """A network and its data as files; the class belongs to a module that only --code can find."""
    torch.manual_seed(0)
    (tmp_path / "elsewhere").mkdir()
    code = tmp_path / "elsewhere" / "small_net.py"
    code.write_text("from torch import nn\n\n\nclass Small(nn.Sequential):\n    pass\n")
    names = models._classes(code)
    network, data = own.trained(
        lambda: names["Small"](torch.nn.Linear(64, 24), torch.nn.ReLU(), torch.nn.Linear(24, 10)),
        own.digits(),
        steps=150,
    )
    torch.save(network, tmp_path / "net.pt")
    np.savez(tmp_path / "data.npz", **{name: tensor.numpy() for name, tensor in data.items()})
    sys.modules.pop("small_net")
    yield [str(tmp_path / "net.pt"), "--data", str(tmp_path / "data.npz"), "--out", str(tmp_path / "out")], code
    sys.modules.pop("small_net", None)


@pytest.mark.slow
def test_a_network_is_compressed(files, tmp_path, capsys):
    arguments, code = files
    more = ["--max-drop", "3", "--minutes", "0.1", "--code", str(code)]
    assert cli.main(["compress", *arguments, *more]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert " times smaller: " in lines[0]
    assert lines[1].startswith("accuracy ")
    assert 'network = load("net.fw")  # data only: no code of the file is run' in lines
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["net.fw", "net.html"]
    assert load(tmp_path / "out" / "net.fw")(torch.zeros(1, 64)).shape == (1, 10)


@pytest.mark.slow
def test_out_of_reach_is_one_line_and_status_2(files, tmp_path, capsys):
    arguments, code = files
    assert cli.main(["compress", *arguments, "--budget", "60", "--minutes", "0.05", "--code", str(code)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("featherweight: No file fits in 60 bytes: the smallest has ")
    assert captured.err.count("\n") == 1
    assert (tmp_path / "out" / "net.fw").exists()
    assert "The goal was not reached" in (tmp_path / "out" / "net.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_without_its_code_a_line_says_what_to_do(files, capsys):
    arguments, _ = files
    before = list(sys.path)
    assert cli.main(["compress", *arguments]) == 2
    assert capsys.readouterr().err.startswith("featherweight: net.pt needs a class that Python does not find here (")
    assert sys.path == before


def test_stopped_before_there_is_a_file_is_one_line(files, tmp_path, capsys, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    arguments, code = files
    monkeypatch.setattr(command, "compress", stop)
    assert cli.main(["compress", *arguments, "--code", str(code)]) == 130
    assert capsys.readouterr().err == "featherweight: stopped before there was a file; nothing was written.\n"
    assert not (tmp_path / "out").exists()


def test_how_it_is_made_goes_where_it_is_needed(files, capsys, monkeypatch):
    given = {}

    def keep(*_, **options):
        given.update(options)
        raise InputError("that is all")

    arguments, code = files
    monkeypatch.setattr(command, "compress", keep)
    assert cli.main(["compress", *arguments, "--code", str(code), "--make", "Small(3)"]) == 2
    assert (given["code"], given["make"]) == (code, "Small(3)")
    assert capsys.readouterr().err == "featherweight: that is all\n"
