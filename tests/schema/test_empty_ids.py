"""An empty id is no id; it never means that nothing is asked for."""

import pytest

from tests.conftest import Service

ROLE = 'target: {role: "Role:r"}'


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (f'{{ candidates({ROLE}, unit: "") {{ totalCount }} }}', ["unit"]),
        (f'{{ candidates({ROLE}, filter: {{notOnProject: ""}}) {{ totalCount }} }}', ["filter", "notOnProject"]),
        (f'{{ candidates({ROLE}, filter: {{wantsToLearn: ""}}) {{ totalCount }} }}', ["filter", "wantsToLearn"]),
        ('{ candidates(target: {role: ""}) { totalCount } }', ["target", "role"]),
        ('{ candidates(target: {position: ""}) { totalCount } }', ["target", "position"]),
        (f'{{ groupGap(group: {{unit: ""}}, {ROLE}) {{ peopleCount }} }}', ["group", "unit"]),
        (f'{{ groupGap(group: {{project: ""}}, {ROLE}) {{ peopleCount }} }}', ["group", "project"]),
        ('{ experts(skill: "Skill:s", unit: "") { totalCount } }', ["unit"]),
        ('{ alerts(unit: "") { totalCount } }', ["unit"]),
        ('{ coverage(project: "") { totalCount } }', ["project"]),
        ('{ verificationQueue(skill: "") { totalCount } }', ["skill"]),
    ],
)
def test_an_empty_id_is_refused(service: Service, question: str, path: list[str]) -> None:
    (error,) = service.post(question)["errors"]
    assert error["message"].startswith("'' is not the id of")
    assert error["extensions"]["input"] == path


def test_an_empty_list_of_requirements_is_said_to_be_empty(service: Service) -> None:
    (error,) = service.post("{ candidates(target: {requirements: []}) { totalCount } }")["errors"]
    assert error["message"].startswith("the list of requirements is empty")
