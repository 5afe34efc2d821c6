"""Only forms that agree are timed, each by its fastest call, and a missing compiler is said, not suffered."""

import os
import shutil
import subprocess
import sys

import pytest
import torch

from featherweight.bench import optimizers as bench
from featherweight.errors import FeatherweightError, MissingTool
from featherweight.optimizers.adaptive import adam_step


@pytest.fixture
def given():
    """Weights and gradients of two small matrices."""
    g = torch.Generator().manual_seed(0)
    return [torch.randn(8, 8, generator=g) for _ in range(2)], [torch.randn(8, 8, generator=g) for _ in range(2)]


def test_the_flat_form_agrees(given):
    bench.check_equal({"clear lines": bench.clear_form(*given), "flat": bench.flat_form(*given)})


@pytest.mark.parametrize("setting", ["learning_rate", "beta1", "beta2"])
def test_a_form_with_one_wrong_setting_is_caught(given, setting, monkeypatch):
    with monkeypatch.context() as other:
        other.setitem(bench.SETTINGS, setting, 0.95 * bench.SETTINGS[setting])
        wrong = bench.flat_form(*given)
    with pytest.raises(FeatherweightError, match=r"^Adam, flat: differs from the clear lines by .* Mend it"):
        bench.check_equal({"clear lines": bench.clear_form(*given), "flat": wrong})


def test_a_form_with_a_number_that_is_none_is_caught(given):
    wrong = bench.flat_form(*given)
    wrong.parameters[-1].data[0, 0] = torch.nan
    with pytest.raises(FeatherweightError, match="differs from the clear lines by nan"):
        bench.check_equal({"clear lines": bench.clear_form(*given), "flat": wrong})


def test_the_forms_of_torch_take_the_same_walk(given):
    starts, gradients = given
    steps = bench.torch_steps(starts, gradients)  # one step is taken already
    for name in ("loop", "foreach", "fused"):
        steps[name]()
    state = starts[0], torch.zeros(8, 8), torch.zeros(8, 8)
    for number in range(1, 5):
        state = adam_step(state[0], gradients[0], *state[1:], number, **bench.SETTINGS)
    mine = steps["loop"].__self__.param_groups[0]["params"][0]
    torch.testing.assert_close(mine.detach(), state[0], rtol=2e-6, atol=2e-6)


def test_rows_without_a_compiler(monkeypatch):
    def fail(starts, gradients):
        raise MissingTool("not measured: no C++ compiler that works")

    monkeypatch.setattr(bench, "compiled_form", fail)
    monkeypatch.setattr(bench, "TURN_SECONDS", 1e-9)
    *rows, missing = bench.step_rows(matrices=2, size=8, rounds=2)
    assert missing.what == "Adam step, clear lines, compiled" and missing.measured is None
    assert missing.note == "not measured: no C++ compiler that works"
    assert all(row.measured > 0 for row in rows)
    goals = {(row.what, row.beside.split(",")[0]): row.allowed for row in rows if row.allowed}
    flat = "Adam step, flat"
    assert goals == {(flat, "torch's fused"): 3, (flat, "torch's loop"): 1, (flat, "torch's foreach"): 1}
    assert all(row.of_ratio and row.ratio.repeats == 2 for row in rows if row.allowed)


def test_the_limit_is_28_bytes_at_the_copy_s_bandwidth():
    seconds = {"fused": [2.0], "loop": [8.0], "foreach": [8.0], "flat": [4.0], "copy in place": [4.0]}
    rows = {row.what: row for row in bench._rows(seconds, 10**9, ["fused", "loop", "foreach", "flat"])}
    assert rows["bandwidth of a copy in place"].measured == 2  # 10⁹ float32, read and written in 4 s: 2 GB/s
    fused = rows["Adam step, torch's fused"]
    assert fused.beside == "the memory's limit, 14,000 ms"  # 28 GB at 2 GB/s
    assert fused.ratio.median == pytest.approx(2 / 14)


def test_each_form_stands_beside_torch_s():
    seconds = {"fused": [2.0], "loop": [8.0], "foreach": [5.0], "flat": [4.0], "copy in place": [4.0]}
    rows = list(bench._rows(seconds, 10**9, ["fused", "loop", "foreach", "flat"]))
    found = {(row.what.removeprefix("Adam step, "), row.beside.split(",")[0]): row for row in rows}
    assert found["flat", "torch's fused"].ratio.median == 2 and found["flat", "torch's fused"].verdict == "met"
    assert found["flat", "torch's loop"].ratio.median == 0.5
    assert found["torch's fused", "torch's foreach"].ratio.median == 0.4


def test_threads_and_environment_are_put_back(monkeypatch):
    monkeypatch.setenv(bench.CACHE, "mine")
    before = torch.get_num_threads()
    with bench.one_thread(), bench.compiler_cache():
        folder = os.environ[bench.CACHE]
        assert torch.get_num_threads() == 1 and os.path.isdir(folder)
    assert torch.get_num_threads() == before
    assert os.environ[bench.CACHE] == "mine" and not os.path.exists(folder)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which(os.environ.get("CXX", "c++")), reason="no C++ compiler")
@pytest.mark.filterwarnings("ignore:`torch.jit.script_method:DeprecationWarning")  # torch's own, while it is imported
def test_the_compiled_form_agrees_and_is_compiled_once(given):
    with bench.one_thread(), bench.compiler_cache():
        form = bench.compiled_form(*given)
        with torch.compiler.set_stance("fail_on_recompile"):
            bench.check_equal({"clear lines": bench.clear_form(*given), "clear lines, compiled": form})


@pytest.mark.slow
def test_no_compiler_is_said():
    code = """if True:
        import torch
        from featherweight.bench.optimizers import compiled_form, compiler_cache
        from featherweight.errors import MissingTool
        with compiler_cache():
            try:
                compiled_form([torch.ones(8, 8)], [torch.ones(8, 8)])
            except MissingTool as problem:
                print(problem)"""
    environ = {**os.environ, "PATH": "", "CXX": "no-such-compiler"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "not measured: no C++ compiler that works\n", done.stderr
