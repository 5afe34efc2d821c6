import struct

import pytest
import torch

from featherweight.compression.coding import huffman_code, huffman_decode, huffman_encode
from featherweight.compression.layer_bytes import stored_bytes
from featherweight.compression.sharing import linear_centroids, share_weights
from featherweight.compression.sparse_indices import from_relative_indices, relative_indices


def layer(shape, kept, clusters, gap_bits, dtype, seed):
    """A weight, pruned and shared: its gaps, indices, code and centroids."""
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(seed))
    mask = weight.abs() >= weight.abs().flatten().kthvalue(weight.numel() - kept + 1).values
    indices, centroids = share_weights(weight[mask], linear_centroids(weight[mask], clusters))
    code = huffman_code(torch.bincount(indices, minlength=clusters).tolist())
    return mask, relative_indices(mask, gap_bits), indices.tolist(), code, centroids.to(dtype)


LAYERS = [
    ((20, 30), 60, 8, 3, torch.float32, 0),
    ((20, 30), 60, 8, 5, torch.float16, 1),
    ((7, 9), 63, 4, 1, torch.float32, 2),
    ((50,), 1, 1, 2, torch.float32, 3),
    ((9, 40), 25, 16, 4, torch.float64, 4),
]


@pytest.mark.parametrize(("shape", "kept", "clusters", "gap_bits", "dtype", "seed"), LAYERS)
def test_a_file_of_all_parts_has_so_many_bytes_and_gives_the_layer_back(shape, kept, clusters, gap_bits, dtype, seed):
    """Oracle: the parts written with struct and Python's int, their length; each is read back from its bytes alone."""
    mask, gaps, indices, code, centroids = layer(shape, kept, clusters, gap_bits, dtype, seed)
    fields = "".join(f"{gap:0{gap_bits}b}" for gap in gaps)
    packed = bytes(int(fields[i : i + 8].ljust(8, "0"), 2) for i in range(0, len(fields), 8))
    values, _ = huffman_encode(indices, code)
    parts = [struct.pack("<II", len(gaps), len(indices)), packed, values, bytes(map(len, code))]
    file = b"".join([*parts, centroids.numpy().tobytes()])
    assert stored_bytes(gaps, gap_bits, indices, code, centroids) == len(file)
    assert torch.equal(from_relative_indices(gaps, gap_bits, mask.numel()).reshape(shape), mask)
    assert huffman_decode(values, code, len(indices)) == indices


def test_each_part_counts():
    """The planted failures: one gap, index, symbol or centroid more makes the file longer."""
    _, gaps, indices, code, centroids = layer((20, 30), 64, 8, 8, torch.float32, 0)
    size = stored_bytes(gaps, 8, indices, code, centroids)
    assert stored_bytes([*gaps, 0], 8, indices, code, centroids) == size + 1
    assert stored_bytes(gaps, 8, indices + indices, code, centroids) > size
    assert stored_bytes(gaps, 8, indices, [*code, ""], centroids) == size + 1
    assert stored_bytes(gaps, 8, indices, code, torch.cat([centroids, centroids[:1]])) == size + 4


def test_a_layer_of_nothing_still_has_its_counts():
    assert stored_bytes([], 5, [], [], torch.zeros(0)) == 8
