import pytest
import torch

from featherweight.lab.measure import parameters
from featherweight.lab.networks import lenet_5, lenet_300_100, mlp


@pytest.mark.parametrize(
    ("build", "count"),
    [(lenet_300_100, 784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10), (lenet_5, 61_706), (mlp, 109_386)],
    ids=["300-100", "5", "mlp"],
)
def test_shape_and_seed(build, count):
    before = torch.random.get_rng_state()
    network = build(seed=3)
    assert torch.equal(torch.random.get_rng_state(), before), "building a network must not use the reader's randomness"
    assert parameters(network) == count
    assert network(torch.zeros(2, 784)).shape == (2, 10)
    same, other = build(seed=3), build(seed=4)
    pairs = zip(network.parameters(), same.parameters(), other.parameters(), strict=True)
    for mine, twin, stranger in pairs:
        assert torch.equal(mine, twin) and not torch.equal(mine, stranger)
