"""Where the speech network is missing, one line says so and a LeNet-5 with the same defect takes its place."""

import pytest
import torch
from IPython.display import Audio

from featherweight.compression.quantization import symmetric
from featherweight.lab import packaged, speech, subjects
from featherweight.lab.data import mnist5k
from featherweight.lab.networks import lenet_5


def rounded(subject, *repaired):
    return {name: symmetric(w, 8, per_channel=name in repaired) for name, w in subject.weights.items()}


def agreement(subject, weights):
    return (subject.says(weights) == subject.wanted).double().mean().item()


@pytest.fixture(scope="module")
def digits():
    """The stand-in, chosen where no package is found."""
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packaged, "find_spec", lambda name: None)
        patch.setattr(packaged, "print", said.append, raising=False)
        return subjects.choose(mnist5k()), said


@pytest.mark.slow
def test_an_absent_package_is_one_line_and_the_lesson_goes_on(digits):
    subject, said = digits
    assert isinstance(subject, subjects.Digits)
    assert len(said) == 1 and said[0].startswith("The package silero-vad is not installed here; pip install silero-vad")
    assert "Nothing to hear" in subject.listen(subject.weights)
    picture = subject.show({"32 bits": {}, "8 bits": rounded(subject)}, "digits", looks=("dense", "per channel"))
    assert picture.data.startswith(b"\x89PNG") and "10 digits" in picture.alt


@pytest.mark.slow
def test_the_stand_in_breaks_and_mends_as_the_speech_network_does(digits):
    subject, _ = digits
    assert subject.score({}) == "100.0% of 1,000 digits read as in 32 bits"
    assert agreement(subject, rounded(subject)) < 0.92 < agreement(subject, rounded(subject, "4.weight"))


def test_a_larger_channel_changes_nothing_in_float32():
    network, plain = lenet_5(0), lenet_5(0)
    subjects._spread(network)
    inputs = torch.rand(10, 784)
    torch.testing.assert_close(network(inputs), plain(inputs), rtol=1e-4, atol=1e-5)
    sizes = network[4].weight.flatten(1).abs().amax(1)
    assert (sizes.max() / sizes.median()).item() == pytest.approx(subjects.SPREAD, rel=0.02)


def test_speech_is_chosen_where_it_is_installed(capsys):
    subject = subjects.choose(None)
    assert isinstance(subject, subjects.Speech) and capsys.readouterr().out == ""
    assert subject.score({}) == "100.0% of 2,250 frames as in 32 bits, F1 1.00"
    assert speech.f1(subject.says(rounded(subject)), subject.wanted) < 0.1
    assert speech.f1(subject.says(rounded(subject, "encoder.3.weight")), subject.wanted) > 0.8


def test_what_is_not_heard_is_muted():
    subject = subjects.choose(None)
    whole, deaf = subject.listen(), subject.listen(rounded(subject))
    assert isinstance(whole, Audio) and isinstance(deaf, Audio)
    heard = subject.listen({})
    quiet = [sum(byte == 0 for byte in player.data[44:]) for player in (whole, heard, deaf)]
    assert quiet[0] < quiet[1] < quiet[2]


def test_a_damaged_package_is_no_missing_one(monkeypatch):
    monkeypatch.setattr(
        packaged, "SILERO", packaged.Weights("silero_vad", "silero-vad", "data/silero_vad.jit", "0" * 64)
    )
    with pytest.raises(packaged.FileProblem):
        subjects.choose(None)
