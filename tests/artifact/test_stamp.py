"""A network goes through a picture of a page: printed, photographed badly, read, decoded, and still reads digits."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from featherweight.artifact import champion_runs, decode, encode, stamp
from featherweight.errors import FileProblem, InputError
from featherweight.lab.data import mnist5k
from featherweight.lab.measure import errors


@pytest.fixture(scope="module")
def small():
    torch.manual_seed(0)
    return encode(nn.Sequential(nn.Linear(30, 8), nn.ReLU(), nn.Linear(8, 10)))


@pytest.fixture
def printed(small, tmp_path):
    path = tmp_path / "page.png"
    stamp.save(stamp.page(small, "A network", "network = decode(…)", "What it can do."), path)
    return path


def test_the_printed_page_gives_the_bytes_back(small, printed):
    assert stamp.read(printed) == small


@pytest.mark.slow
@pytest.mark.parametrize(("turn", "size"), [(3, 0.6), (90, 0.8), (-8, 1.0)])
def test_a_crooked_small_jpeg_will_do(small, printed, tmp_path, turn, size):
    image = Image.open(printed).convert("L").rotate(turn, expand=True, fillcolor=225)
    path = tmp_path / "photo.jpg"
    image.resize((int(image.width * size), int(image.height * size))).save(path, quality=60)
    assert stamp.read(path) == small


def test_the_books_strawweight_reads_digits_from_its_picture(tmp_path):
    stamp.save(stamp.own_page(), tmp_path / "page.png")
    data, row = mnist5k(), champion_runs.load()["strawweight"]
    read = stamp.read(tmp_path / "page.png")
    assert read == champion_runs.entry("strawweight") and len(read) <= stamp.CAPACITY
    assert errors(decode(read), data.test_inputs, data.test_labels) == pytest.approx(row.errors[row.chosen], abs=2)


@pytest.mark.parametrize("count", [1, 100, 2952, 2953])
def test_any_bytes_come_back(count):
    data = bytes(np.random.RandomState(count).randint(0, 256, count, dtype=np.uint8))
    assert stamp.read(stamp.pixels(data)) == data


@pytest.mark.parametrize("count", [0, 2954])
def test_what_no_code_holds_is_one_line(count):
    with pytest.raises(InputError, match=r"^Got [\d,]+ bytes; one QR code holds 1 to 2,953\. Make .*\.$"):
        stamp.symbol(b"x" * count)


def test_a_picture_without_a_code_is_one_line():
    with pytest.raises(InputError, match=r"^Found 0 QR codes in the picture; wanted one\. Show .*\.$"):
        stamp.read(np.full((200, 200), 255, np.uint8))


def test_two_codes_are_one_too_many():
    one = stamp.pixels(b"one")
    with pytest.raises(InputError, match=r"^Found 2 QR codes"):
        stamp.read(np.concatenate([one, one], axis=1))


@pytest.mark.parametrize("content", [None, b"no picture"], ids=["missing", "foreign"])
def test_no_picture_is_one_line(tmp_path, content):
    path = tmp_path / "photo.png"
    if content:
        path.write_bytes(content)
    with pytest.raises(FileProblem, match=r"photo\.png cannot be read as a picture .* Pass a PNG or JPEG file\.$"):
        stamp.read(path)


def test_a_page_of_no_known_kind_is_one_line(small, tmp_path):
    with pytest.raises(FileProblem, match=r"page\.xyz cannot be written .*\.svg, \.pdf or \.png\.$"):
        stamp.save(stamp.page(small, "", "x", ""), tmp_path / "page.xyz")


def test_the_quiet_zone_is_there():
    modules = stamp.symbol(b"abc")
    assert not modules[:4].any() and not modules[:, -4:].any() and modules[4, 4]
