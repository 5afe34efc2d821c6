import pytest
import torch
from torch import nn

from featherweight.artifact.stored import Codes, Plain, Shared, network_with, value_of
from featherweight.errors import InputError

CODES = torch.tensor([[1, -2], [3, 0]])
CASES = [
    (Plain(torch.tensor([0.1, 2.0])), [0.1, 2.0]),
    (Plain(torch.tensor([0.1]), "float16"), [0.0999755859375]),
    (Plain(torch.tensor([0.1]), "bfloat16"), [0.10009765625]),
    (Codes(CODES, 0.5), [[0.5, -1.0], [1.5, 0.0]]),
    (Codes(CODES.to(torch.int8), torch.tensor([0.5, 2.0])), [[0.5, -1.0], [6.0, 0.0]]),
    (Codes(CODES.float(), torch.tensor([2.0])), [[2.0, -4.0], [6.0, 0.0]]),
    (Shared(CODES.clamp(0), torch.tensor([0.25, 1.0, 2.0, -1.0])), [[1.0, 0.25], [-1.0, 0.25]]),
]


@pytest.mark.parametrize(("stored", "expected"), CASES, ids=[type(stored).__name__ for stored, _ in CASES])
def test_the_value_is_what_a_file_gives_back(stored, expected):
    """Oracle: by hand."""
    assert torch.equal(value_of(stored), torch.tensor(expected))


def test_a_network_gets_the_stored_values_and_keeps_the_others():
    network = nn.Sequential(nn.Linear(2, 2))
    before = network[0].weight.detach().clone()
    copy = network_with(network, {"0.weight": Codes(CODES, 0.5)})
    assert torch.equal(copy[0].weight, torch.tensor([[0.5, -1.0], [1.5, 0.0]]))
    assert torch.equal(copy[0].bias, network[0].bias)
    assert torch.equal(network[0].weight, before)


def test_a_name_that_is_none_is_told():
    with pytest.raises(InputError, match=r"no tensor 'weight'; it has 0.weight, 0.bias"):
        network_with(nn.Sequential(nn.Linear(2, 2)), {"weight": Plain(torch.zeros(2, 2))})
