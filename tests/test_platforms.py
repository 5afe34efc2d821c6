"""Binder, Codespaces, the workflows and make agree with pyproject.toml and constraints.txt, on any machine."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from featherweight.server import CONFIG

ROOT = Path(__file__).parents[1]
BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))
PINS = {name.lower().replace("_", "-"): version for name, version in PINS.items()}
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPTS = [BINDER / "postBuild", BINDER / "start", ROOT / ".ci" / "run"]


def environment() -> dict[str, str]:
    """environment.yml's packages: name → version pattern with its build, if any."""
    *conda, last = yaml.safe_load((BINDER / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    return {name: pin.lstrip("=") for name, _, pin in (entry.partition("=") for entry in conda + last["pip"])}


def needed() -> list[str]:
    return [re.split(r"[<>=\[]", requirement)[0] for requirement in PROJECT["dependencies"]]


def disagreements(pinned: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Packages of `wanted` that `pinned` lacks or gives another version."""
    return [name for name, version in wanted.items() if not fnmatch(version, pinned.get(name, "").partition("=")[0])]


def test_binder_takes_the_versions_of_constraints():
    wanted = {CONDA_NAMES.get(name, name): PINS[name] for name in needed()}
    assert disagreements(environment(), wanted) == []


@pytest.mark.parametrize("change", [{"numpy": "1.0"}, {"torch-like": "1.0"}])
def test_a_binder_version_that_differs_is_caught(change):
    assert disagreements(environment(), change) == list(change)


def test_binder_pins_python_and_torch_in_the_form_that_works():
    pins = environment()
    assert pins["python"] == "3.11"
    assert pins["pytorch"] == "2.13.*=cpu_generic*"
    assert pins["jupyterlab"] == "4.6.*"


def test_binder_has_one_folder_and_installs_the_package_last():
    assert not (ROOT / ".binder").exists()
    assert "-e" not in (BINDER / "environment.yml").read_text(encoding="utf-8").split()
    assert (BINDER / "postBuild").read_text(encoding="utf-8").splitlines()[-1] == "pip install --no-deps -e ."


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_stop_at_the_first_error_and_end_in_lf(script):
    data = script.read_bytes()
    lines = data.decode().splitlines()
    assert lines[0].startswith("#!") and "bash" in lines[0]
    assert "set -e" in lines
    assert b"\r" not in data and data.endswith(b"\n")
    assert os.name == "nt" or os.access(script, os.X_OK)


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="a bash script")
def test_binders_start_sets_threads_and_configuration_and_hands_over():
    assert (BINDER / "start").read_text(encoding="utf-8").splitlines()[-1] == 'exec "$@"'
    show = 'echo "$OMP_NUM_THREADS $MKL_NUM_THREADS $OPENBLAS_NUM_THREADS $JUPYTER_CONFIG_PATH"'
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PATH": path, "JUPYTER_CONFIG_PATH": "/theirs"}
    command = [str(BINDER / "start"), "bash", "-c", show]
    answer = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.split() == ["1", "1", "1", f"{CONFIG}:/theirs"]


def test_text_files_have_lf_on_every_machine():
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()


def test_codespaces_sets_up_what_make_lab_needs():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "make .venv/set-up-lab"
    assert container["image"].endswith(":3.11")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_is_yaml_with_least_rights_and_time_limits(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"]["contents"] == "read"
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_ci_runs_what_make_test_runs_and_the_fast_tests_elsewhere():
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["everything"]["steps"][-1]["run"] == "make test"
    assert jobs["elsewhere"]["strategy"]["matrix"]["os"] == ["macos-latest", "windows-latest"]
    assert "apparmor_parser" in str(jobs["everything"]["steps"])


def test_gpu_job_waits_for_a_runner_and_runs_make_gpu():
    (job,) = yaml.safe_load((ROOT / ".github/workflows/gpu.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert job["if"] == "vars.GPU_RUNNER != ''"
    assert job["runs-on"] == """${{ fromJSON(vars.GPU_RUNNER || '"ubuntu-latest"') }}"""
    assert job["env"] == {"FEATHERWEIGHT_DEVICE": "cuda", "REQUIRE_GPU": "1"}
    assert job["steps"][-1]["run"] == "make gpu TORCH=cuda"


def test_canary_is_unpinned():
    (job,) = yaml.safe_load((ROOT / ".github/workflows/canary.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert job["env"]["CONSTRAINTS"] == ""


def test_nightly_soaks_as_ci_is_set_up_and_keeps_the_log_of_a_failure():
    jobs = {name: yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text()) for name in ("ci", "nightly")}
    assert set(jobs["nightly"][True]) == {"schedule", "workflow_dispatch"}  # YAML reads `on` as a truth value
    *set_up, soak, upload = jobs["nightly"]["jobs"]["soak"]["steps"]
    assert set_up == jobs["ci"]["jobs"]["everything"]["steps"][: len(set_up)]
    assert soak["shell"] == "bash" and soak["run"] == "make soak 2>&1 | tee soak.log"
    assert upload["if"] == "failure()" and upload["with"]["path"] == "soak.log"


def test_pages_builds_what_make_site_builds_and_only_the_publishing_job_may_publish():
    workflow = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert workflow["permissions"] == {"contents": "read"} and "permissions" not in build
    assert publish["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert publish["needs"] == "build" and publish["if"].startswith("github.ref == 'refs/heads/main' && ")
    assert "make site" in [step.get("run") for step in build["steps"]]
    used = [step.get("uses", "").split("@")[0] for job in (build, publish) for step in job["steps"]]
    assert used[-3:] == ["actions/upload-pages-artifact", "actions/configure-pages", "actions/deploy-pages"]
    assert build["steps"][-1]["with"]["path"] == "build/site"


def recipe(target: str) -> str:
    """The commands that make would run for `target`, its set-up taken as done."""
    command = ["make", "-n", "-o", ".venv/set-up-test", "-o", ".venv/set-up-lab", target, "PORT=8899", "OPEN=0"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.skipif(shutil.which("make") is None or os.name == "nt", reason="needs make")
@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("lab", ["featherweight lab", "--port 8899", "--no-browser"]),
        ("check", ["ruff check", "ruff format --check", "codespell", "not slow and not browser"]),
        ("test", ["featherweight build --check", "FEATHERWEIGHT_DEVICE=cpu", "FEATHERWEIGHT_STRICT=1"]),
        (
            "lessons",
            [
                "--nbval-lax",
                "--nbval-cell-timeout=",
                "--dist loadscope",
                f"PYTHONPATH={ROOT}/tests/offline",
                "PROGRESS=off",
            ],
        ),
        ("soak", ["python -m featherweight.bench.soak"]),
        ("site", ["featherweight site"]),
        ("gpu", ["REQUIRE_GPU=1", "FEATHERWEIGHT_DEVICE=cuda", "--nbval-lax", "FEATHERWEIGHT_STRICT=1"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_make_runs(target, parts):
    commands = recipe(target)
    assert [part for part in parts if part not in commands] == []
