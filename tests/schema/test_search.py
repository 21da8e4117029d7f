"""Skills, roles and people found by what somebody typed, on a running service."""

from typing import Any

import pytest

from tests.conftest import Service

SKILLS = {
    "band": ("manage musical staff", ["direct musicians@en", "Musiker leiten@de"]),
    "staff": ("manage staff", ["lead a team@en"]),
    "python": ("Python (computer programming)", ["Python@en", "Python3@en"]),
    "cpp": ("C++", []),
    "c": ("C", []),
    "violin": ("play the violin", ["fiddle@en"]),
    "lathe": ("operate lathes", []),
}


@pytest.fixture
def given(service: Service) -> Service:
    """A house with a few skills and roles that go by several names, and people who hold some."""
    service.done("defineScale", {"code": "five", "name": "Five", "labels": ["1", "2", "3", "4", "5"]})
    for code, (name, others) in SKILLS.items():
        service.done("defineSkill", {"code": code, "name": name, "scaleId": "Scale:five", "alternativeLabels": others})
    service.done("defineRole", {"code": "baker", "name": "baker of bread", "alternativeLabels": ["bread maker@en"]})
    service.done("createOrgUnit", {"code": "hall", "name": "Hall"})
    for code in ("ann", "bob", "cyd"):
        service.done("registerPerson", {"code": code, "name": code.title(), "unitId": "OrgUnit:hall"})
    for person, skill, level in (
        ("ann", "python", 2),
        ("ann", "band", 3),
        ("bob", "python", 4),
        ("bob", "band", 3),
        ("cyd", "python", 5),
    ):
        values = {"personId": f"Person:{person}", "skillId": f"Skill:{skill}", "level": level}
        service.done("recordAssertion", {**values, "assertedOn": "2026-01-05"})
    return service


SEARCH = """
query Q($text: String!, $language: String, $kinds: [SkillKind!], $groups: Boolean = false, $old: Boolean = false) {
  searchSkills(text: $text, language: $language, kinds: $kinds, includeGroups: $groups, includeDeprecated: $old) {
    totalCount edges { node { skill { id } matchedLabel matchKind likeness } }
  }
}
"""


def hits(service: Service, text: str, **more: Any) -> list[tuple[str, str, str]]:
    edges = service.ask(SEARCH, {"text": text, **more})["searchSkills"]["edges"]
    nodes = [edge["node"] for edge in edges]
    return [(node["skill"]["id"].removeprefix("Skill:"), node["matchedLabel"], node["matchKind"]) for node in nodes]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("manage staff", ("staff", "manage staff", "EXACT")),
        ("Manage  STAFF!", ("staff", "manage staff", "EXACT")),
        ("direct musicians", ("band", "direct musicians", "ALTERNATIVE")),
        ("musicians direct", ("band", "direct musicians", "WORDS")),
        ("staff musical manage", ("band", "manage musical staff", "WORDS")),
        ("managing musical staff", ("band", "manage musical staff", "WORDS")),
        ("manage muscial staff", ("band", "manage musical staff", "REPAIRED")),
        ("opperate lahtes", ("lathe", "operate lathes", "REPAIRED")),
        ("pyhton", ("python", "Python", "REPAIRED")),
        ("fidle", ("violin", "fiddle", "REPAIRED")),
        ("c++", ("cpp", "C++", "EXACT")),
        ("c", ("c", "C", "EXACT")),
    ],
)
def test_a_skill_is_found_first_by_any_of_its_names_however_it_is_typed(
    given: Service, text: str, found: tuple[str, str, str]
) -> None:
    assert hits(given, text)[0] == found


@pytest.mark.parametrize("text", ["staff~ AND (", "name:*", '"', "\\", "*", "AND OR NOT", "[a TO b]", "+-!(){}^:/"])
def test_the_query_language_of_the_index_means_nothing_in_a_text(given: Service, text: str) -> None:
    assert isinstance(hits(given, text), list)


def test_a_name_in_another_language_is_left_out_when_one_is_asked_for(given: Service) -> None:
    assert hits(given, "Musiker leiten")[0] == ("band", "Musiker leiten", "ALTERNATIVE")
    assert hits(given, "Musiker leiten", language="en") == []


def test_corrected_retired_and_deprecated_names_are_no_longer_found(given: Service) -> None:
    given.done("correctSkill", {"id": "Skill:violin", "name": "play the cello", "alternativeLabels": []})
    given.done("retireSkill", {"id": "Skill:lathe"})
    given.done("deprecateSkill", {"id": "Skill:staff", "replacedById": "Skill:band"})

    assert hits(given, "cello")[0] == ("violin", "play the cello", "WORDS")
    assert [hits(given, text) for text in ("violin", "fiddle", "lathes")] == [[], [], []]
    assert "staff" not in {skill for skill, _, _ in hits(given, "manage staff")}
    assert hits(given, "manage staff", old=True)[0] == ("staff", "manage staff", "EXACT")


def test_groups_and_other_kinds_are_found_when_asked_for(given: Service) -> None:
    given.done("defineSkill", {"code": "music", "name": "music making", "isGroup": True})
    given.done("correctSkill", {"id": "Skill:python", "kind": "TOOL"})

    assert hits(given, "music making") == []
    assert hits(given, "music making", groups=True)[0] == ("music", "music making", "EXACT")
    assert hits(given, "python", kinds=["KNOWLEDGE"]) == []
    assert hits(given, "python", kinds=["TOOL"])[0] == ("python", "Python", "ALTERNATIVE")


def test_pages_of_one_search_join_to_the_whole(given: Service) -> None:
    page = 'query Q($after: String) { searchSkills(text: "manage staff", first: 1, after: $after) { totalCount '
    page += "pageInfo { hasNextPage endCursor } edges { node { skill { id } } } } }"
    found, after = [], None
    while True:
        answer = given.ask(page, {"after": after})["searchSkills"]
        found += [edge["node"]["skill"]["id"] for edge in answer["edges"]]
        after = answer["pageInfo"]["endCursor"]
        if not answer["pageInfo"]["hasNextPage"]:
            break

    assert found == ["Skill:staff", "Skill:band"]
    assert answer["totalCount"] == 2


def test_an_empty_or_endless_text_is_refused(given: Service) -> None:
    for text in ("  ", "x" * 301):
        errors = given.post(SEARCH, {"text": text})["errors"]
        assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert "a search has " in errors[0]["message"]


def test_roles_are_found_the_same_way(given: Service) -> None:
    answer = given.ask('{ searchRoles(text: "bred maker") { edges { node { role { id } matchedLabel matchKind } } } }')

    assert answer["searchRoles"]["edges"] == [
        {"node": {"role": {"id": "Role:baker"}, "matchedLabel": "bread maker", "matchKind": "REPAIRED"}}
    ]


PEOPLE = """
query Q($skills: [String!]!, $level: Int = 1, $partial: Boolean = false, $trust: Trust) {
  searchPeople(skills: $skills, minLevel: $level, includePartial: $partial, minTrust: $trust) {
    totalCount
    understood { typed takenFor { skill { id } matchKind } alternatives { skill { id } } }
    edges { node { person { id } holdsAll held { level trust skill { id } } } }
  }
}
"""


def people(service: Service, *skills: str, **more: Any) -> list[tuple[str, bool, list[int]]]:
    edges = service.ask(PEOPLE, {"skills": skills, **more})["searchPeople"]["edges"]
    return [
        (node["person"]["id"].removeprefix("Person:"), node["holdsAll"], [each["level"] for each in node["held"]])
        for node in (edge["node"] for edge in edges)
    ]


def test_people_who_hold_all_typed_skills_come_with_their_levels_the_highest_first(given: Service) -> None:
    assert people(given, "pyton", "musical staff") == [("bob", True, [4, 3]), ("ann", True, [2, 3])]
    assert people(given, "pyton", "musical staff", level=3) == [("bob", True, [4, 3])]
    assert people(given, "python", trust="VERIFIED") == []
    assert people(given, "pyton", "musical staff", partial=True) == [
        ("bob", True, [4, 3]),
        ("ann", True, [2, 3]),
        ("cyd", False, [5]),
    ]


def test_the_caller_sees_what_was_understood_and_what_was_not(given: Service) -> None:
    answer = given.ask(PEOPLE, {"skills": ["musical staff", "xylophone"]})["searchPeople"]

    assert answer["understood"] == [
        {
            "typed": "musical staff",
            "takenFor": {"skill": {"id": "Skill:band"}, "matchKind": "WORDS"},
            "alternatives": [{"skill": {"id": "Skill:staff"}}],
        },
        {"typed": "xylophone", "takenFor": None, "alternatives": []},
    ]
    assert answer["edges"] == []
    refused = given.post(PEOPLE, {"skills": []})["errors"][0]["message"]
    assert refused == "0 skills are asked for; give 1 to 10"
