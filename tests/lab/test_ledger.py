from dataclasses import FrozenInstanceError, replace

import pytest

from featherweight.errors import FileProblem
from featherweight.lab.ledger import Ledger, Row
from featherweight.lab.statistics import Interval

DENSE = Row(5, "dense <b>", 266_610, 266_610, 1_068_000, 266_200, Interval(0.3, 0.29, 0.4), Interval(0.95, 0.93, 0.96))
PRUNED = replace(DENSE, method="pruned", nonzeros=22_217)


def test_add_returns_a_new_ledger_and_replaces_a_namesake():
    empty = Ledger()
    ledger = empty.add(DENSE).add(PRUNED)
    assert empty.rows == ()
    assert ledger.rows == (DENSE, PRUNED)
    again = ledger.add(replace(DENSE, nonzeros=1))
    assert [(row.method, row.nonzeros) for row in again.rows] == [("pruned", 22_217), ("dense <b>", 1)]
    with pytest.raises(FrozenInstanceError):
        DENSE.lesson = 6


def test_text_table():
    lines = str(Ledger().add(PRUNED)).splitlines()
    assert lines == repr(Ledger().add(PRUNED)).splitlines()
    assert lines[0].split() == [
        "lesson",
        "method",
        "parameters",
        "nonzeros",
        "bytes",
        "on",
        "disk",
        "MACs",
        "ms",
        "accuracy",
    ]
    assert "22,217" in lines[1] and "95.0% (93.0% to 96.0%)" in lines[1] and "0.30 (0.29 to 0.40)" in lines[1]
    assert len(lines[0]) <= len(lines[1])


def test_html_table_escapes():
    html = Ledger().add(DENSE)._repr_html_()
    assert "dense &lt;b&gt;" in html and html.count("<tr>") == 2


def test_saved_only_on_request_and_read_back(tmp_path):
    ledger = Ledger().add(DENSE).add(PRUNED)
    assert list(tmp_path.iterdir()) == []
    ledger.save(tmp_path / "ledger.json")
    assert Ledger.load(tmp_path / "ledger.json") == ledger


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "Cannot read the ledger"),
        ("{", "is not a ledger"),
        ('{"a": 1}', "is not a ledger"),
        ("[{}]", "is not a ledger"),
    ],
    ids=["missing", "not JSON", "other JSON", "no rows"],
)
def test_a_foreign_file_gets_one_line(content, message, tmp_path):
    file = tmp_path / "ledger.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(FileProblem, match=message):
        Ledger.load(file)
