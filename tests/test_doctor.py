"""The doctor finds what is missing and names the cure."""

from importlib.metadata import PackageNotFoundError

import pytest

from featherweight import doctor


def test_it_looks_at_everything_and_finds_this_machine_fit():
    findings = doctor.examine()
    names = ["python", "torch", "device", "threads", "browser", "bubblewrap", "disk", "memory"]
    assert [finding.name for finding in findings] == names
    assert not any(finding.blocks for finding in findings if finding.name in ("python", "torch", "device", "threads"))
    assert all("\n" not in finding.line() for finding in findings)


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (doctor.look_at_python((3, 12)), "ok    python: 3.12"),
        (
            doctor.look_at_python((3, 10)),
            "lack  python: 3.10. Install Python 3.11 or newer, then `make lab PYTHON=python3.11`",
        ),
        (
            doctor.look_at_program("bubblewrap", ("no-such-program",), "for grading", "bubblewrap"),
            "note  bubblewrap: not found (for grading). On Debian or Ubuntu: `sudo apt-get install bubblewrap`",
        ),
        (doctor.look_at_disk(2**30), "lack  disk: 1.0 GiB free. Free some: 2 GiB are wanted here"),
        (doctor.look_at_disk(2**40), "ok    disk: 1024.0 GiB free"),
    ],
    ids=["python", "old python", "missing program", "full disk", "disk"],
)
def test_line(finding, line):
    assert finding.line() == line


def test_missing_torch_is_a_lack_and_stops_nothing(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", absent)
    findings = {finding.name: finding for finding in doctor.examine()}
    assert findings["torch"].blocks and "pip install torch" in findings["torch"].line()
    assert "device" not in findings


def test_an_old_torch_is_a_lack(monkeypatch):
    monkeypatch.setattr(doctor, "version", lambda name: "2.8.0")
    assert doctor.look_at_torch().line().endswith("Install torch 2.9 or newer: `pip install --upgrade torch`")


@pytest.mark.parametrize(
    ("variable", "value", "name"),
    [
        ("REQUIRE_GPU", "1", "device"),
        ("FEATHERWEIGHT_DEVICE", "tpu", "device"),
        ("FEATHERWEIGHT_THREADS", "many", "threads"),
    ],
)
def test_a_setting_that_cannot_be_met_is_a_lack(monkeypatch, variable, value, name):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setenv(variable, value)
    (finding,) = (finding for finding in doctor.examine() if finding.name == name)
    assert finding.blocks and (value in finding.line() or variable in finding.line())


def test_a_containers_limit_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "CONTAINER_LIMIT", tmp_path / "memory.max")
    (tmp_path / "memory.max").write_text(f"{2**29}\n")
    assert doctor.look_at_memory().line() == "lack  memory: 0.5 GiB free. Close something: a lesson takes up to 1.2 GiB"
