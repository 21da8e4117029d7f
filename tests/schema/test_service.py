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
    again = service.do("registerPerson", {"name": "Ada", "idempotencyKey": "k"}, "id name")
    assert again == first
    assert service.ask("{ registry { seq } }")["registry"]["seq"] == 1


def test_a_repeat_of_an_act_that_changed_only_parts_returns_its_subject(service: Service) -> None:
    service.done("defineScale", {"code": "one", "name": "One", "labels": ["able"]})
    service.done("defineSkill", {"code": "splice", "name": "Splicing", "scaleId": "Scale:one"})
    service.done("createOrgUnit", {"code": "house", "name": "House"})
    asked = {"id": "OrgUnit:house", "requirements": [{"skillId": "Skill:splice", "level": 1}], "idempotencyKey": "k"}

    first, again = (service.do("correctOrgUnit", asked, "id name") for _ in range(2))

    assert first["result"] == {"id": "OrgUnit:house", "name": "House"}
    assert again == first
