"""Linear layers as ONNX models, in float32 and in 8 bits, and a session of ONNX Runtime to run them.

The 8-bit model says what is meant in ONNX's own words: DequantizeLinear of codes, Gemm, QuantizeLinear. ONNX Runtime
finds that pattern and runs one integer kernel for the three if the codes that flow are unsigned; with signed ones it
keeps the float Gemm on x86. So codes and zero points go up by 128, which changes no value that they stand for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from featherweight.lab.integer_network import IntegerLayer

__all__ = ["UP", "eight_bit_model", "float_model", "quantize_linear", "session"]

OPSET, IR = 17, 9
UP = 128
"""From int8 codes to uint8 codes of the same values."""


def float_model(network: nn.Sequential) -> bytes:
    """Linear layers with a ReLU between any two: float32 (batch, in) → float32 (batch, out)."""
    nodes, values, name = [], [], "x"
    linears = [layer for layer in network if isinstance(layer, nn.Linear)]
    for k, layer in enumerate(linears):
        values += [_value(f"w{k}", layer.weight), _value(f"b{k}", layer.bias)]
        nodes.append(helper.make_node("Gemm", [name, f"w{k}", f"b{k}"], [f"y{k}"], transB=1))
        name = f"y{k}"
        if layer is not linears[-1]:
            nodes.append(helper.make_node("Relu", [name], [f"r{k}"]))
            name = f"r{k}"
    return _model(nodes, values, name, linears[0].in_features, linears[-1].out_features, TensorProto.FLOAT)


def eight_bit_model(layers: Sequence[IntegerLayer]) -> bytes:
    """The layers of `integer_network`: float32 pixels (batch, in) → uint8 codes (batch, out), `UP` above its own."""
    first = layers[0]
    values = [_value("s0", np.float32(first.scale_in)), _value("z0", np.uint8(first.zero_in + UP))]
    nodes = [helper.make_node("QuantizeLinear", ["x", "s0", "z0"], ["q0"])]
    for k, layer in enumerate(layers):
        scales = layer.scales.numpy().astype(np.float32)
        values += [_value(f"w{k}", layer.weight), _value(f"ws{k}", scales)]
        values += [_value(f"wz{k}", np.zeros(len(scales), np.int8))]
        values += [_value(f"b{k}", layer.bias), _value(f"bs{k}", scales * np.float32(layer.scale_in))]
        values += [_value(f"bz{k}", np.zeros(len(scales), np.int32))]
        values += [_value(f"s{k + 1}", np.float32(layer.scale_out)), _value(f"z{k + 1}", np.uint8(layer.zero_out + UP))]
        nodes += [
            helper.make_node("DequantizeLinear", [f"q{k}", f"s{k}", f"z{k}"], [f"x{k}"]),
            helper.make_node("DequantizeLinear", [f"w{k}", f"ws{k}", f"wz{k}"], [f"wd{k}"], axis=0),
            helper.make_node("DequantizeLinear", [f"b{k}", f"bs{k}", f"bz{k}"], [f"bd{k}"], axis=0),
            helper.make_node("Gemm", [f"x{k}", f"wd{k}", f"bd{k}"], [f"y{k}"], transB=1),
            helper.make_node("QuantizeLinear", [f"y{k}", f"s{k + 1}", f"z{k + 1}"], [f"q{k + 1}"]),
        ]
    ends = first.weight.shape[1], layers[-1].weight.shape[0]
    return _model(nodes, values, f"q{len(layers)}", *ends, TensorProto.UINT8)


def session(model: bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session on the CPU; `.run(None, {"x": array})[0]` is its answer."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def quantize_linear(tensor: Tensor, scale: float, zero_point: int) -> np.ndarray:
    """ONNX Runtime's own QuantizeLinear to uint8, for a tensor of one axis."""
    values = [_value("s", np.float32(scale)), _value("z", np.uint8(zero_point))]
    node = helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"])
    run = session(_model([node], values, "q", len(tensor), len(tensor), TensorProto.UINT8))
    return run.run(None, {"x": tensor[None].float().numpy()})[0][0]


def _value(name: str, value: Tensor | np.ndarray) -> TensorProto:
    array = value.detach().cpu().numpy() if isinstance(value, Tensor) else np.asarray(value)
    return numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name)


def _model(nodes: list, values: list, last: str, inputs: int, outputs: int, kind: int) -> bytes:
    ends = ("x", TensorProto.FLOAT, inputs), (last, kind, outputs)
    came, went = ([helper.make_tensor_value_info(name, of, ["batch", size])] for name, of, size in ends)
    graph = helper.make_graph(nodes, "linear layers", came, went, values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.checker.check_model(model)
    return model.SerializeToString()
