"""The port is the packaged network, to the last bit, and only with the weights that have the book's hash."""

import warnings
from dataclasses import replace

import pytest
import torch

from featherweight.errors import FileProblem, MissingTool
from featherweight.lab import packaged, speech

SOUND = speech.recording(0, 3.0)


@pytest.fixture
def theirs():
    """What the packaged network says of SOUND, frame by frame."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        network = torch.jit.load(str(packaged.SILERO.path()))
    with torch.no_grad():
        return torch.cat([network(frame[None], speech.RATE).flatten() for frame in SOUND.split(512)[:-1]])


def test_the_port_says_what_the_packaged_network_says(theirs):
    network = speech.load()
    assert torch.equal(network(SOUND, at_once=1), theirs)
    torch.testing.assert_close(network(SOUND), theirs, rtol=0, atol=1e-4)  # another order of the same sums
    assert 0.05 < (theirs > 0.5).double().mean() < 0.6


def test_another_weight_is_seen(theirs):
    network = speech.load()
    network.encoder[3].weight.data[0] *= 1.01
    assert not torch.equal(network(SOUND, at_once=1), theirs)


def test_the_network_comes_from_the_file_with_the_hash(monkeypatch):
    assert sum(parameter.numel() for parameter in speech.load().parameters()) == 243_585
    monkeypatch.setattr(speech, "SILERO", replace(packaged.SILERO, sha256="0" * 64))
    with pytest.raises(FileProblem, match="holds other weights"):
        speech.load()


def test_layers_are_the_matrices_and_kernels():
    names = [*(f"encoder.{k}.weight" for k in range(4)), "rnn.weight_ih", "rnn.weight_hh", "output.weight"]
    assert list(speech.layers(speech.load())) == names


def test_recordings_depend_on_the_seed_alone():
    assert torch.equal(speech.recording(0, 3.0), SOUND) and not torch.equal(speech.recording(1, 3.0), SOUND)
    assert len(SOUND) == 3 * speech.RATE and 0.1 < SOUND.abs().max() <= 1


def test_clips_are_loud_alike_and_hold_nothing_above_4_khz():
    for clip in speech.clips().values():
        assert clip.square().mean().sqrt() == pytest.approx(speech.LOUDNESS, rel=0.05)
        spectrum = torch.fft.rfft(clip).abs()
        assert spectrum[len(spectrum) // 2 + 1 :].max() < 1e-3 * spectrum.max()


def test_without_captcha_there_is_one_line(monkeypatch):
    monkeypatch.setattr(speech, "find_spec", lambda name: None)
    with pytest.raises(
        MissingTool, match=r"^The package captcha is not installed here; pip install captcha adds it\.$"
    ):
        speech.clips.__wrapped__()


@pytest.mark.parametrize(
    ("found", "wanted", "value"),
    [([1, 1, 0, 0], [1, 0, 1, 0], 0.5), ([0, 0], [1, 0], 0.0), ([1, 1], [1, 1], 1.0), ([0], [0], 0.0)],
)
def test_f1(found, wanted, value):
    assert speech.f1(torch.tensor(found) > 0, torch.tensor(wanted) > 0) == value
