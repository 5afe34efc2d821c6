import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from featherweight.lab import integer_network, onnx_network

INPUTS = torch.rand(32, 20, generator=torch.Generator().manual_seed(0))


def small():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 3))


def test_the_float_model_is_the_network():
    network = small()
    found = onnx_network.session(onnx_network.float_model(network)).run(None, {"x": INPUTS.numpy()})[0]
    np.testing.assert_allclose(found, network(INPUTS).detach().numpy(), atol=1e-6)


def test_eight_bits_are_a_quarter_of_the_file():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(400, 300), nn.ReLU(), nn.Linear(300, 10))
    layers = integer_network.integer_layers(network, torch.rand(50, 400))
    ratio = len(onnx_network.float_model(network)) / len(onnx_network.eight_bit_model(layers))
    assert 3.7 < ratio < 4


def kernels(model, tmp_path):
    """The operations that are left when ONNX Runtime has optimized a model."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath, options.log_severity_level = str(tmp_path / "optimized.onnx"), 3
    onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return [node.op_type for node in onnx.load(options.optimized_model_filepath).graph.node]


def test_onnx_runtime_multiplies_bytes(tmp_path):
    network = small()
    layers = integer_network.integer_layers(network, INPUTS)
    assert kernels(onnx_network.eight_bit_model(layers), tmp_path) == ["QuantizeLinear", "QGemm", "QGemm"]
    assert "QGemm" not in kernels(onnx_network.float_model(network), tmp_path)


def test_quantize_linear_is_their_rule_ties_included():
    found = onnx_network.quantize_linear(torch.tensor([-2.5, -0.5, 0.5, 1.5, 300.0, -300.0]), 1.0, 3)
    assert found.dtype == np.uint8 and found.tolist() == [1, 3, 3, 5, 255, 0]
