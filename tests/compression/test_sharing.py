import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans

from featherweight.compression.sharing import centroid_gradient, linear_centroids, share_weights

DOUBLE = torch.float64


def drawn(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=DOUBLE)


@pytest.mark.parametrize(("count", "clusters", "seed"), [(40, 3, 0), (200, 5, 1), (500, 8, 2), (1000, 16, 3)])
def test_the_clusters_are_scikit_learns(count, clusters, seed):
    """Oracle: sklearn's KMeans, Lloyd's algorithm from the same centroids, none of them empty; 1e-10."""
    weight = drawn(count, seed=seed)
    start = linear_centroids(weight, clusters)
    indices, centroids = share_weights(weight, start)
    theirs = KMeans(clusters, init=start[:, None].numpy(), n_init=1, max_iter=1000, tol=0).fit(weight[:, None].numpy())
    assert indices.unique().numel() == clusters
    assert np.array_equal(indices.numpy(), theirs.labels_)
    np.testing.assert_allclose(centroids.numpy(), theirs.cluster_centers_[:, 0], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_at_rest_every_weight_is_with_its_nearest_and_every_centroid_at_its_mean(seed):
    """Closed form: the two conditions of a fixed point (Lloyd); 1e-12. A centroid far out stays."""
    weight = drawn(6, 4, seed=seed)
    start = torch.cat([drawn(4, seed=seed + 9), torch.tensor([50.0], dtype=DOUBLE)])
    indices, centroids = share_weights(weight, start)
    assert indices.shape == weight.shape and indices.dtype == torch.int64
    assert centroids[4] == 50
    assert torch.equal((weight[..., None] - centroids).abs().argmin(-1), indices)
    for k in indices.unique():
        assert float(centroids[k]) == pytest.approx(float(weight[indices == k].mean()), rel=1e-12, abs=1e-12)


def test_no_round_makes_the_error_larger():
    """Oracle: the error of the start. The planted failure: centroids moved off their means do worse."""
    weight = drawn(300)
    start = linear_centroids(weight, 6)
    indices, centroids = share_weights(weight, start)
    error = (weight - centroids[indices]).square().sum()
    assert error < (weight[:, None] - start).square().min(1).values.sum()
    assert (weight - (centroids + 0.01)[indices]).square().sum() > error


def test_ties_go_to_the_lower_index_in_whatever_order_the_centroids_are():
    weight = torch.tensor([1.0, 3.0, 5.0])
    assert share_weights(weight[:1], torch.tensor([0.0, 2.0]))[0].tolist() == [0]
    assert share_weights(weight[:1], torch.tensor([2.0, 0.0]))[0].tolist() == [0]
    indices, centroids = share_weights(weight, torch.tensor([3.0, 3.0]))
    assert indices.tolist() == [0, 0, 0] and centroids.tolist() == [3, 3]


def test_rounds_end_after_a_hundred():
    """Exactly spaced weights from a bad start take about 130 rounds; indices then still fit the returned centroids."""
    weight = torch.arange(1200, dtype=DOUBLE)
    start = torch.arange(12, dtype=DOUBLE) / 100
    indices, centroids = share_weights(weight, start)
    assert torch.equal((weight[:, None] - centroids).abs().argmin(1), indices)
    again, moved = share_weights(weight, centroids)
    assert not torch.equal(again, indices) and not torch.equal(moved, centroids)


def test_the_given_centroids_and_weights_are_left_alone():
    weight, start = drawn(9), drawn(3, seed=1)
    kept = weight.clone(), start.clone()
    share_weights(weight, start)
    assert torch.equal(weight, kept[0]) and torch.equal(start, kept[1])


@pytest.mark.parametrize(("shape", "count"), [((3, 4), 5), ((20,), 3), ((2, 2, 3), 40), ((0,), 2), ((1,), 1)])
def test_a_centroids_gradient_is_autograds(shape, count):
    """Oracle: autograd through centroids[indices]; 1e-12."""
    gradient = drawn(*shape)
    indices = torch.randint(0, count, shape, generator=torch.Generator().manual_seed(1))
    centroids = torch.zeros(count, dtype=DOUBLE, requires_grad=True)
    (centroids[indices] * gradient).sum().backward()
    found = centroid_gradient(gradient, indices, count)
    assert found.dtype == DOUBLE
    torch.testing.assert_close(found, centroids.grad, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_linear_centroids_reach_from_the_smallest_to_the_largest(count):
    """Oracle: numpy.linspace; 1e-12."""
    weight = drawn(5, 6)
    low, high = float(weight.min()), float(weight.max())
    expected = np.linspace(low, high, count) if count > 1 else [(low + high) / 2]
    np.testing.assert_allclose(linear_centroids(weight, count).numpy(), expected, rtol=1e-12, atol=1e-12)
