"""Ranks are counted right, what is not a number finds nothing, and the index is kept, mended and never mixed up."""

import pytest
import torch

from featherweight.lab import retrieval
from featherweight.lab.retrieval import found, index, ranks, reciprocal

DOCUMENTS = torch.eye(4)


def test_a_query_is_found_where_its_own_document_is_nearest():
    queries = torch.tensor([[0.9, 0.1, 0, 0], [0.8, 0.5, 0.1, 0], [0.3, 0.2, 0.1, 0.4]])
    assert ranks(queries, DOCUMENTS).tolist() == [0, 1, 3]
    assert found(ranks(queries, DOCUMENTS)).tolist() == [True, False, False]


def test_a_tie_is_found():
    assert ranks(torch.tensor([[0.5, 0.5, 0, 0]]), DOCUMENTS).tolist() == [0]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_finds_nothing(bad):
    queries = torch.tensor([[bad, 0, 0, 0], [0.0, 1, 0, 0]])
    assert ranks(queries, DOCUMENTS).tolist() == [3, 0]


def test_reciprocal_counts_how_near_a_miss_was():
    assert reciprocal([0, 1, 3]) == pytest.approx((1 + 1 / 2 + 1 / 4) / 3)
    assert reciprocal(torch.tensor([0, 0])) == 1


@pytest.fixture
def counted(monkeypatch, tmp_path):
    """A cache of its own, and vectors that say how often they were computed."""
    calls = []
    monkeypatch.setenv("FEATHERWEIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(retrieval, "minilm", lambda: None)
    monkeypatch.setattr(retrieval, "encode", lambda encoder, texts: calls.append(1) or torch.full((2, 3), len(calls)))
    return calls


def test_the_index_is_computed_once(counted):
    assert torch.equal(index(), index()) and len(counted) == 1


def test_a_damaged_copy_is_made_anew_and_said(counted, tmp_path, capsys):
    index()
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:20])
    assert torch.equal(index(), torch.full((2, 3), 2)) and torch.equal(index(), torch.full((2, 3), 2))
    assert capsys.readouterr().out == f"{kept.name}: the copy was damaged; made anew.\n"


def test_other_verses_have_another_copy(counted, monkeypatch, tmp_path):
    index()
    other = tmp_path / "other.txt.xz"
    other.write_bytes(b"other verses")
    monkeypatch.setattr(retrieval, "FILE", other)
    index()
    assert len(counted) == 2 and len(list((tmp_path / "cache").iterdir())) == 2


def test_no_place_to_keep_it_is_one_line(counted, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FEATHERWEIGHT_CACHE", str(tmp_path / "file"))
    assert len(index()) == 2
    assert "computed, but no copy kept." in capsys.readouterr().out
