import zipfile
from pathlib import Path

import pytest

from service.errors import Invalid
from service.interchange import csv_set, esco
from service.interchange.problems import Problem
from service.settings import load
from tests.interchange.reading import EXTRACTS, Read


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "esco.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted((EXTRACTS / "esco").iterdir()):
            made.write(file, f"some folder/{file.name}")
    return path


def refusal(path: Path, **overrides: int) -> str:
    with pytest.raises(Invalid) as caught:
        esco.read(path, load(**overrides))
    return caught.value.message


def test_a_zip_is_read_in_place_by_base_name(archive: Path) -> None:
    assert Read(esco.read(archive, load())).counts() == Read(esco.read(EXTRACTS / "esco", load())).counts()
    assert list(archive.parent.iterdir()) == [archive]


def test_a_zip_cut_short_says_so(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:5000])

    assert refusal(archive) == "'esco.zip' is a zip without its end, so it was cut short; download it again"


def test_another_file_is_not_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "esco.zip"
    path.write_bytes(b"%PDF-1.7")

    assert refusal(path) == "'esco.zip' is not a zip: it starts with b'%PDF', a zip with b'PK'"


def test_no_file_at_all(tmp_path: Path) -> None:
    path = tmp_path / "esco.zip"

    assert refusal(path) == f"{str(path)!r} does not exist; name a folder or a zip"


def test_a_damaged_member_is_found_before_a_row_is_read(archive: Path) -> None:
    with zipfile.ZipFile(archive) as made:
        info = made.getinfo("some folder/skills_en.csv")
    data = bytearray(archive.read_bytes())
    data[info.header_offset + 200] ^= 0xFF
    archive.write_bytes(data)

    assert refusal(archive).startswith("skills_en.csv is damaged inside the zip (")


def test_a_zip_bomb_is_refused_by_its_size_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("skills_en.csv", b"0" * (3 << 20))

    assert refusal(path, max_file_mb=2) == (
        "skills_en.csv is 3 MiB unpacked; at most 2 MiB are read (REGISTRY_MAX_FILE_MB)"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "id,name\np1,José\n".encode("cp1252"),
            (
                "people.csv is not UTF-8: byte 14 is 0xE9, so it looks like Windows-1252: "
                "',name\\np1,José\\n'; save it as UTF-8"
            ),
        ),
        (
            "id,name\np1,José\n".encode("utf-16"),
            "people.csv looks like UTF-16: it starts with its mark b'\\xff\\xfe'; save it as UTF-8",
        ),
        (
            "id,name\np1,Jo\n".encode("utf-16-le"),
            "people.csv has NUL characters in its header, so it looks like UTF-16; save it as UTF-8",
        ),
        (
            "id,name\np1,José".encode()[:-1],
            "people.csv ends in the middle of a character (b'\\xc3'), so it was cut short",
        ),
        (b"", "people.csv has no header; its first row names its columns"),
        (b"id,name,emial\n", "no column of people.csv is called 'emial'; is 'email' meant?"),
        (b"id,email\n", "people.csv has no column 'name'; its columns are id, email"),
        (b"id,name,name\n", "people.csv has the column 'name' 2 times"),
    ],
)
def test_an_unreadable_file_of_a_set_is_one_problem_and_the_others_go_on(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "people.csv").write_bytes(content)
    (tmp_path / "units.csv").write_bytes("\ufeffid,name\nu1,Câbles\n".encode())
    read = Read(csv_set.read(tmp_path, load()))

    assert read.problems == [Problem("people.csv", 1, "", "", reason)]
    assert read.counts() == {"OrgUnit": 1}


def test_a_split_character_between_two_chunks_is_no_error(tmp_path: Path) -> None:
    text = "id,name\n" + "".join(f"p{number},{'é' * 250}\n" for number in range(3000))
    (tmp_path / "people.csv").write_text(text, "utf-8")

    assert Read(csv_set.read(tmp_path, load())).counts() == {"Person": 3000}
