"""The operation is that of the technique, and both layers are drawn as small as they are."""

from importlib import import_module

import pytest
import torch

module = import_module("featherweight.widgets.neuron_surgery")  # the package exports the function under this name
NEURONS = range(1, module.NEURONS + 1)


@pytest.mark.parametrize("neuron", NEURONS)
def test_folded_says_what_masked_says(neuron):
    masked, folded, lost = (
        module.said(module.operated(neuron, operation))
        for operation in ("masked", "deleted, bias folded", "deleted, bias lost")
    )
    torch.testing.assert_close(folded, masked, rtol=0, atol=1e-12)
    assert bool((lost - masked).abs().max() > 0.01) == bool(module.LAYERS[1][neuron - 1] > 0)


@pytest.mark.parametrize("operation", module.OPERATIONS)
def test_every_number_is_one_square(operation):
    layers = module.operated(2, operation)
    frame = module.surgery_frame(2, operation)
    squares = [line for line in frame.lines if line.panel == "layers" and line.method == "dense"]
    assert len(squares) == sum(tensor.numel() for tensor in layers)
    assert (len(squares) == 43) == operation.startswith("deleted")


def test_the_answer_counts_what_goes():
    whole, cut = (sum(t.numel() for t in module.operated(2, op)) for op in ("whole", "deleted, bias folded"))
    assert module.QUESTION.choices[module.QUESTION.answer].startswith(f"{whole - cut}:")


def test_the_preset_of_a_silent_neuron_has_nothing_to_fold():
    preset = module.PRESETS["one that says nothing"]
    assert "the outputs are those of" in module.surgery_frame(**preset).summary
    assert "the outputs are those of" not in module.surgery_frame(**module.PRESETS["forget its bias"]).summary


def test_outputs_stay_inside_the_picture():
    every = [module.said(module.operated(neuron, op)) for neuron in NEURONS for op in module.OPERATIONS]
    assert torch.stack(every).abs().max() < 5


@pytest.mark.parametrize("operation", module.OPERATIONS)
def test_a_click_on_a_row_or_a_column_takes_that_neuron_out(operation):
    """Where the clicked row and column are drawn, the numbers are those of the neuron that goes."""
    weight, _, after, _ = module.operated(2, operation)
    targets = module.surgery_frame(2, operation).targets
    assert len(targets) == 2 * len(weight)
    for target in targets:
        assert target.sets["operation"] == ("deleted, bias folded" if operation == "whole" else operation)
        neuron = target.sets["neuron"]
        if (operation, neuron) == ("masked", 2):
            continue
        if target.x[0] == 0:
            assert torch.equal(weight[target.y[0]], module.LAYERS[0][neuron - 1])
        else:
            assert torch.equal(after[:, round(target.x[0] - module.SECOND)], module.LAYERS[2][:, neuron - 1])


def test_no_number_is_zero_before_the_mask():
    assert all(bool(tensor.all()) for tensor in module.LAYERS)
