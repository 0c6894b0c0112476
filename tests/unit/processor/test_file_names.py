import pytest

from services.processor.runtime.file_names import dataset_folder, file_format


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("orders/a.json", "json"),
        ("orders/a.JSON", "json"),
        ("a.jsonl", "json"),
        ("a.ndjson", "json"),
        ("a.csv", "csv"),
        ("a.CSV", "csv"),
        ("a.tsv", "tsv"),
        ("a.csv.gz", "csv"),
        ("a.Json.GZ", "json"),
        ("a.tsv.gz", "tsv"),
        ("a.txt", None),
        ("a.gz", None),
        ("csv", None),
        ("a.csv/", None),
        ("a.csv.bak", None),
    ],
)
def test_the_end_of_a_key_names_its_format_in_any_case(key: str, expected: str | None) -> None:
    assert file_format(key) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("orders/a.json", "orders"),
        ("Orders/a.json", "orders"),
        ("/orders/2026/a.json", "orders"),
        ("//ORDERS/a.json", "orders"),
        ("a.json", ""),
        ("/a.json", ""),
    ],
)
def test_the_first_folder_is_the_dataset_in_any_case(key: str, expected: str) -> None:
    assert dataset_folder(key) == expected
