"""Your own network as a small .fw file: `compress(model, data, budget="50kB")`, or `featherweight compress`."""

from featherweight.artifact.compress.result import Compressed, Measured
from featherweight.artifact.compress.run import compress

__all__ = ["Compressed", "Measured", "compress"]
