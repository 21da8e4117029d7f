"""The running service on every engine."""

from tests.conftest import Service


def test_a_person_is_registered_read_corrected_and_retired(service: Service) -> None:
    unit = service.done("createOrgUnit", {"code": "data", "name": "Data"})
    person = service.done("registerPerson", {"name": "Ada", "unitId": unit["id"]}, "id name recordedSeq unit { id }")
    assert person == {"id": person["id"], "name": "Ada", "recordedSeq": 2, "unit": {"id": "OrgUnit:data"}}
    service.done("correctPerson", {"id": person["id"], "name": "Ada L."})
    asked = "query Q($id: ID!) { node(id: $id) { ... on Person { name unit { name } } } }"
    found = service.ask(asked, {"id": person["id"]})
    assert found["node"] == {"name": "Ada L.", "unit": {"name": "Data"}}
    refused = service.do("retireOrgUnit", {"id": unit["id"]})
    assert [each["code"] for each in refused["errors"]] == ["CONFLICT"]
    assert service.do("retirePerson", {"id": person["id"]})["seq"] == 4
    assert service.ask("{ people { totalCount } }")["people"]["totalCount"] == 0


def test_a_repeated_key_returns_the_first_result_and_writes_nothing(service: Service) -> None:
    first = service.do("registerPerson", {"name": "Ada", "idempotencyKey": "k"}, "id name")
    again = service.do("registerPerson", {"name": "Other", "idempotencyKey": "k"}, "id name")
    assert again == first
    assert service.ask("{ registry { seq } }")["registry"]["seq"] == 1
