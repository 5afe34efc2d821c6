"""The shipped results are complete, and measuring again gives them."""

import json
from collections import defaultdict

import pytest
import torch

from featherweight.errors import FileProblem
from featherweight.lab import format_files
from featherweight.lab import transformer_runs as runs
from featherweight.lab.measure import bytes_on_disk
from featherweight.lab.retrieval import ranks
from featherweight.lab.sentences import encode, minilm
from featherweight.lab.verses import verses


def test_shipped_file_is_complete_and_small():
    found = runs.load()
    assert list(found.rows) == list(runs.ROWS) and runs.FILE.stat().st_size <= 200_000
    for name, row in found.rows.items():
        assert (row.what, row.way, row.bits) == runs.ROWS[name]
        assert [len(draw) for draw in row.ranks] == [400] * (len(runs.DRAWS) if row.way in runs.LOOKS else 1)
        assert all(0 <= rank < 2000 for draw in row.ranks for rank in draw)
        assert (row.bytes_on_disk > 0) == (row.what in ("format", "nothing"))


def test_right_counts_first_places():
    row = runs.Row("weights", "rtn", 3, [[0, 1], [2, 0]])
    assert runs.right(row).tolist() == [True, False] and runs.right(row, 1).tolist() == [False, True]


def test_parts_add_up_to_the_file_but_for_its_names():
    found = runs.load()
    assert found.parts["matrices"] == 4 * 10_616_832 and found.parts["embeddings"] == 4 * 384 * (30522 + 512)
    assert 0 < found.rows["float32"].bytes_on_disk - sum(found.parts.values()) < 60_000


@pytest.mark.parametrize("content", [None, "{", json.dumps({"rows": []})], ids=["missing", "no JSON", "incomplete"])
def test_damaged_file_is_one_line(monkeypatch, tmp_path, content):
    path = tmp_path / "transformer_runs.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(runs, "FILE", path)
    with pytest.raises(FileProblem, match=r"^transformer_runs.json cannot be read .*: install it again\.$"):
        runs.load.__wrapped__()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["float32", "rtn 3"])
def test_sixty_queries_again(name):
    """60 queries among their own 60 documents, not 2,000: whatever the table found must be found here.

    Another machine adds up in another order, so a near tie may fall otherwise: 2 of 60 may differ.
    """
    encoder, texts = minilm(), verses()
    documents = encode(encoder, texts.documents[:60])
    mine = ranks(encode(runs.built(name, encoder, defaultdict(lambda: None)), texts.queries[:60]), documents) == 0
    assert int((runs.right(runs.load().rows[name])[:60] & ~mine).sum()) <= 2


@pytest.mark.slow
def test_bytes_again():
    encoder, found = minilm(), runs.load()
    state = format_files.packed_state(encoder, format_files.matrices(encoder), "Q4_0")
    assert bytes_on_disk(state) == pytest.approx(found.rows["Q4_0"].bytes_on_disk, abs=2000)
    assert bytes_on_disk(encoder) == pytest.approx(found.rows["float32"].bytes_on_disk, abs=2000)
    back = format_files.decoded(encoder, state, "Q4_0")
    assert sum(int(torch.count_nonzero(t)) for t in back.values()) == found.rows["Q4_0"].nonzeros
