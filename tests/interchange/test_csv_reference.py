from tests.interchange.csv_reference import MARK, PAGE, rendered


def test_the_documented_columns_are_those_of_the_dataclasses() -> None:
    _, mark, reference = PAGE.read_text("utf-8").partition(MARK)

    assert mark + reference == rendered()
