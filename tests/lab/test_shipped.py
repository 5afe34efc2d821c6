"""What comes with the package is read, or one line says which file is missing or damaged."""

import pytest

from featherweight.errors import FileProblem
from featherweight.lab.shipped import read, tuples, with_rows


def test_what_is_built_of_the_file_comes_back(tmp_path):
    (tmp_path / "some.json").write_text('{"rows": [1, [2]]}')
    assert read(tmp_path / "some.json", lambda found: tuples(found)["rows"]) == (1, (2,))


@pytest.mark.parametrize(
    "content", [None, "", "[1", "[]", "3", '{"rows": 1}'], ids=["missing", "empty", "cut", "list", "number", "other"]
)
def test_a_damaged_file_is_one_line(tmp_path, content):
    file = tmp_path / "some.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(FileProblem, match=r"^some.json cannot be read .*: install it again\.$"):
        read(file, lambda found: tuple(found["rows"].items()))


def test_rows_are_made_one_by_one(tmp_path):
    (tmp_path / "some.json").write_text('{"rows": {"a": {"x": 1}, "b": {"x": 2}}, "minutes": 3}')
    found = read(tmp_path / "some.json", with_rows(lambda rows, minutes: (rows, minutes), lambda x: x + 10))
    assert found == ({"a": 11, "b": 12}, 3)
