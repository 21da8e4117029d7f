"""The report of the data's state on the command line."""

from tests.conftest import Service
from tests.test_cli import registry


def test_the_report_counts_names_and_says_what_to_do_and_ends_with_0(service: Service) -> None:
    service.done("createOrgUnit", {"code": "house", "name": "House"})
    service.done("registerPerson", {"code": "ann", "name": "Ann [x]", "unitId": "OrgUnit:house"})

    done = registry(service.settings, "quality")
    refused = registry(service.settings, "quality", "--unit", "nowhere")

    (row,) = [line for line in done.stdout.splitlines() if "People without role" in line]
    assert done.returncode == 0
    assert [cell.strip() for cell in row.split("│")[1:6]] == [
        "People without role",
        "1",
        "1",
        "100%",
        "Ann [x] (no role)",
    ]
    assert "Name their role" in row
    assert (refused.returncode, refused.stderr) == (1, "Error: no unit 'nowhere'\n")
