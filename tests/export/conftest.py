"""Reading exports back."""

import csv
import io

import pytest


@pytest.fixture(scope="session")
def rows():
    """Bytes of a CSV → a dict per row, by column."""
    return lambda data: list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
