import pytest
import torch

from featherweight.artifact.layout import PLAIN, from_numbers, number_bytes, numbers, scaled


@pytest.mark.parametrize("dtype", PLAIN)
@pytest.mark.parametrize("shape", [(2, 3), (0, 4), ()], ids=str)
def test_numbers_come_back(dtype, shape):
    """Oracle: torch's own change of dtype; exactly."""
    tensor = (torch.randn(shape) * 3).to(getattr(torch, dtype))
    data = numbers(tensor, dtype)
    assert len(data) == tensor.numel() * number_bytes(dtype)
    found = from_numbers(data, dtype, shape)
    assert torch.equal(found, tensor.float() if number_bytes(dtype) == 2 else tensor)


@pytest.mark.parametrize("scale", [0.5, [0.5], [0.5, 2.0]], ids=str)
def test_scales_are_for_the_tensor_or_a_row(scale):
    codes = torch.arange(12.0).reshape(2, 2, 3)
    wanted = codes * torch.tensor(scale).reshape(-1, 1, 1)
    assert torch.equal(scaled(codes, torch.tensor(scale)), wanted)
