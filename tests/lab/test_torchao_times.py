import logging

import pytest
import torch

from featherweight.lab.torchao_times import times


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_both_are_timed_and_logging_is_left_as_it_was():
    pytest.importorskip("torchao")
    found = times(torch.nn.Sequential(torch.nn.Linear(64, 64)), torch.rand(8, 64))
    assert all(each.low > 0 for each in found) and logging.root.manager.disable == 0
