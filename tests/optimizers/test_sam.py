"""SAM's gradient against a closed form."""

import pytest
import torch

from featherweight.lab.surfaces import quadratic, random_quadratic
from featherweight.optimizers.sam import sam_gradient

HESSIAN = random_quadratic(4, 9, seed=0)
POINT = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)


@pytest.mark.parametrize("radius", [0.0, 0.05, 2.0])
def test_equals_the_closed_form_on_a_quadratic(radius):
    slope = HESSIAN @ POINT
    expected = slope + radius * HESSIAN @ slope / slope.norm()
    torch.testing.assert_close(sam_gradient(quadratic(HESSIAN).gradient, POINT, radius), expected)


def test_at_a_minimum_it_stays_zero_and_the_weights_are_left_alone():
    here = torch.zeros(4, dtype=torch.float64)
    assert sam_gradient(quadratic(HESSIAN).gradient, here, 0.1).tolist() == [0.0] * 4
    assert here.tolist() == [0.0] * 4
