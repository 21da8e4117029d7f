"""Job descriptions from profiles: what they say, what is wrong with them, and which occupations they are like."""

from typing import Any

import pytest

from service.capability.describing import Composed, SectionKind, Words, composed
from service.capability.description_checks import Checked, FindingKind, check
from service.capability.occupations import nearest_occupations, overlap
from service.capability.plain_words import Mentions, vague_words
from service.domain.learning import Course, CourseOutcome
from service.domain.people import Person
from service.domain.proof import Trust
from service.domain.roles import JobDescription, Requirement, Role, RoleProfile, VersionStatus
from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillKind
from service.errors import Invalid
from tests.capability.given import TODAY, Given

DAY = TODAY.toordinal()


@pytest.fixture
def given() -> Given:
    given = Given()
    given.skills("a", "b", "c")
    role(given, "house", "a", "b")
    return given


def role(given: Given, name: str, *skills: str, source: str | None = None, **fields: Any) -> None:
    """A role with a published profile that asks for level 2 of each skill."""
    given.add(Role, id=name, name=name, source=source, **fields)
    given.add(RoleProfile, id=f"{name}/1", role_id=name, version=1, status=VersionStatus.PUBLISHED)
    for skill in skills:
        requires(given, f"{name}/1", skill)


def requires(given: Given, profile: str, skill: str, level: int = 2, **fields: Any) -> None:
    given.add(Requirement, id=f"{profile}|{skill}", owner_id=profile, skill_id=skill, level=level, **fields)


def wording(given: Given, name: str = "house") -> Words:
    return Words(
        role=next(each for each in given.states if isinstance(each, Role) and each.id == name),
        skills={each.id: each for each in given.states if isinstance(each, Skill)},
        scales={each.id: each for each in given.states if isinstance(each, Scale)},
    )


def draft(given: Given, name: str = "house") -> Composed:
    return composed(given.snapshot(), f"{name}/1", wording(given, name), given.seq)


def checked(given: Given, text: str | None = None, name: str = "house", **fields: Any) -> Checked:
    description = None
    if text is not None:
        language = fields.pop("language", "en")
        description = JobDescription(
            id="jd", role_id=name, profile_id=f"{name}/1", version=1, title="Title", text=text, language=language
        )
    snapshot = given.snapshot()
    return check(snapshot, f"{name}/1", wording(given, name), description, day=TODAY, known=given.seq, **fields)


def kinds(found: Checked) -> list[tuple[FindingKind, str | None]]:
    """What was found, but for meanings that nobody wrote down."""
    return [(each.kind, each.skill_id) for each in found.findings if each.kind is not FindingKind.NO_LEVEL_MEANINGS]


# Composing


def test_a_draft_says_what_is_recorded_and_leaves_out_what_is_not() -> None:
    given = Given()
    given.add(Scale, id="three", name="Three", labels=["low", "mid", "high"], descriptions=["One.", "Two.", "Six."])
    given.add(Skill, id="splice", name="splice cables", scale_id="three", level_descriptions=["", "Alone.", "Leads."])
    given.add(Skill, id="otdr", name="OTDR", kind=SkillKind.TOOL, scale_id="three")
    given.skills("climb", kind=SkillKind.KNOWLEDGE)
    role(given, "Splicer", description="Keeps the\tnetwork whole.\n- joins cables\n\n- writes reports\nOn call.")
    requires(given, "Splicer/1", "splice", min_trust=Trust.VERIFIED)
    requires(given, "Splicer/1", "otdr", 3, is_mandatory=False)
    requires(given, "Splicer/1", "climb", is_mandatory=False, weight=0.5)
    given.add(Course, id="late", name="Splicing", hours=16, prerequisite_ids=["early"])
    given.add(Course, id="early", name="Glass")
    given.add(CourseOutcome, course_id="late", skill_id="splice", from_level=0, to_level=2)

    found = draft(given, "Splicer")

    assert found.text == (
        "# Splicer\n\n"
        "## Purpose\n\nKeeps the network whole.\n\nOn call.\n\n"
        "## Duties\n\n- joins cables\n- writes reports\n- splice cables\n\n"
        "## Required skills\n\n- splice cables: level 2 of 3 (mid), verified. Alone.\n\n"
        "## Desirable skills\n\n- OTDR: level 3 of 3 (high). Six.\n- climb: level 2 of 4 (2)\n\n"
        "## How to get there\n\n- Glass: comes first\n- Splicing (16 hours): splice cables to level 2\n"
    )
    assert found == draft(given, "Splicer")
    (line,) = found.sections[2].lines
    assert (line.skill_id, line.level, line.level_label, line.trust) == ("splice", 2, "mid", Trust.VERIFIED)


def test_an_empty_profile_makes_a_heading_only(given: Given) -> None:
    role(given, "bare")
    assert (draft(given, "bare").text, draft(given, "bare").sections) == ("# bare\n", ())


def test_the_learning_path_is_the_fewest_courses_in_the_order_of_what_they_build_on(given: Given) -> None:
    for course, from_level, to_level, hours in (("x", 0, 1, 4), ("y", 1, 3, 8), ("z", 0, 1, 2), ("w", 1, 2, 40)):
        given.add(Course, id=course, name=course, hours=hours, prerequisite_ids=["y"] if course == "z" else [])
        given.add(CourseOutcome, course_id=course, skill_id="a", from_level=from_level, to_level=to_level)
    given.add(CourseOutcome, course_id="x", skill_id="b", from_level=1, to_level=2)
    section = draft(given).sections[-1]
    assert section.kind is SectionKind.LEARNING
    # z is the shorter of the two that start from nothing; it builds on y, which leads on to level 2 like w
    assert [each.course_id for each in section.lines] == ["y", "z"]


# Checking


def test_a_sound_description_has_no_findings(given: Given) -> None:
    given.people("ann")
    for skill in "ab":
        given.holds("ann", skill, 2)
    found = checked(given, "Works with a and with b.")
    assert kinds(found) == []
    assert [each.kind for each in found.findings] == [FindingKind.NO_LEVEL_MEANINGS] * 2
    assert (found.requirements, found.mandatory, found.people, found.eligible) == (2, 2, 1, 1)


def test_nobody_has_it_says_how_many_hold_it_lower_or_unverified(given: Given) -> None:
    given.people("ann", "bob", "cyd", "dee")
    given.add(Person, id="gone", name="gone", valid_until=TODAY)
    requires(given, "house/1", "c", min_trust=Trust.VERIFIED)
    given.holds("ann", "a", 1)
    given.holds("gone", "a", 4)
    given.holds("bob", "b", 2)
    given.holds("bob", "c", 3)
    given.holds("cyd", "c", 1, Trust.VERIFIED)
    given.holds("cyd", "c", 3)
    found = checked(given)
    nobody = {each.skill_id: each for each in found.findings if each.kind is FindingKind.NOBODY_HAS_IT}
    assert {id_: (each.lower, each.unverified) for id_, each in nobody.items()} == {"a": (1, 0), "c": (1, 1)}
    assert nobody["c"].sentence == (
        "Nobody in service has 'c' at level 2 now; 1 hold it lower, 1 would have it if claims were believed."
    )
    assert (found.people, found.eligible) == (4, 0)


def test_nobody_meets_all_is_told_only_where_somebody_has_each(given: Given) -> None:
    given.people("ann", "bob")
    given.holds("ann", "a", 2)
    assert kinds(checked(given)) == [(FindingKind.NOBODY_HAS_IT, "b")]
    given.holds("bob", "b", 2)
    assert kinds(checked(given)) == [(FindingKind.NOBODY_MEETS_ALL, None)]
    given.holds("bob", "a", 2)
    assert kinds(checked(given)) == []


@pytest.mark.parametrize(
    ("mandatory", "desirable", "is_told"), [(4, 0, False), (5, 0, True), (8, 2, False), (9, 2, True), (11, 9, True)]
)
def test_too_many_must_haves_are_counted_and_compared(mandatory: int, desirable: int, is_told: bool) -> None:  # noqa: FBT001
    given = Given()
    given.people("ann")
    role(given, "house")
    for number in range(mandatory + desirable):
        given.skills(f"s{number}")
        given.holds("ann", f"s{number}", 2)
        requires(given, "house/1", f"s{number}", is_mandatory=number < mandatory)
    assert kinds(checked(given)) == [(FindingKind.TOO_MANY_MUST_HAVES, None)] * is_told


def test_skills_that_are_not_to_be_asked_for_are_told_with_what_to_ask_for_instead(given: Given) -> None:
    given.skills("last")
    given.skills("later", lifecycle=Lifecycle.DEPRECATED, replaced_by_id="last")
    given.skills("old", lifecycle=Lifecycle.DEPRECATED, replaced_by_id="later")
    given.skills("dead", lifecycle=Lifecycle.DEPRECATED)
    given.skills("new", lifecycle=Lifecycle.DRAFT)
    given.add(Skill, id="heading", name="heading", is_group=True)
    role(given, "odd")
    for skill in ("old", "dead", "new", "heading"):
        requires(given, "odd/1", skill, is_mandatory=False)
    found = checked(given, name="odd")
    assert kinds(found) == [
        (FindingKind.GROUP_SKILL, "heading"),
        (FindingKind.DEPRECATED_SKILL, "dead"),
        (FindingKind.DEPRECATED_SKILL, "old"),
        (FindingKind.DRAFT_SKILL, "new"),
    ]
    assert [each.successor_id for each in found.findings[:3]] == [None, None, "last"]
    assert found.findings[2].sentence == "'old' is no longer to be used; use 'last' instead."


def test_level_1_everywhere_and_nothing_at_all_are_told(given: Given) -> None:
    given.people("ann")
    for skill in "ab":
        given.holds("ann", skill, 1)
    role(given, "low")
    role(given, "none")
    requires(given, "low/1", "a", 1)
    requires(given, "low/1", "b", 1)
    assert kinds(checked(given, name="low")) == [(FindingKind.NO_LEVELS, None)]
    assert kinds(checked(given, name="none")) == [(FindingKind.NO_REQUIREMENTS, None)]


def test_what_the_text_leaves_out_and_says_vaguely_is_told_with_its_place() -> None:
    given = Given()
    given.people("ann")
    given.add(Skill, id="sql", name="query databases", alternative_labels=["SQL@en", "Abfragen@de"], scale_id="scale")
    given.add(Skill, id="cpp", name="C++", scale_id="scale")
    given.skills("wish")
    role(given, "coder", "sql", "cpp")
    requires(given, "coder/1", "wish", is_mandatory=False)
    for skill in ("sql", "cpp"):
        given.holds("ann", skill, 2)
    text = "Excellent Team-Player who knows C. Strong will, strong hands; querying of a database, etc."
    found = checked(given, text, "coder")
    assert kinds(found) == [
        (FindingKind.MISSING_IN_TEXT, "cpp"),
        (FindingKind.MISSING_IN_TEXT, "sql"),
        *[(FindingKind.VAGUE_WORDS, None)] * 4,
    ]
    vague = [each for each in found.findings if each.kind is FindingKind.VAGUE_WORDS]
    assert [(text[each.start : each.end], each.count) for each in vague] == [
        ("Excellent", 1),
        ("Team-Player", 1),
        ("Strong", 2),
        ("etc", 1),
    ]
    assert kinds(checked(given, "c++, sql", "coder")) == []
    assert kinds(checked(given, "Excellent ABFRAGEN, C++", "coder", language="de")) == []


def test_inflected_names_are_found_and_parts_of_words_are_not() -> None:
    said = Mentions("Managing staffs; Java-Script.")
    assert said.any_of(["manage staff"])
    assert said.any_of(["nothing", "JAVA"])
    assert not said.any_of(["man", "staff manage", "+"])
    assert vague_words("etcetera, goods, strongly") == []


def test_a_must_have_that_the_occupation_does_not_list_is_told(given: Given) -> None:
    given.people("ann")
    for skill in "ab":
        given.holds("ann", skill, 2)
    role(given, "esco", "a", "c", source="ESCO 1.2.0")
    assert kinds(checked(given, occupation_id="esco")) == [(FindingKind.NOT_IN_OCCUPATION, "b")]
    with pytest.raises(Invalid, match="source None; an occupation's begins with ESCO or"):
        checked(given, occupation_id="house")


# Occupations


def test_two_lists_are_set_side_by_side_with_what_relates_them(given: Given) -> None:
    given.skills("d", "e")
    role(given, "esco", "a", "c", "d", source="ESCO 1.2.0")
    requires(given, "esco/1", "e", weight=2, is_mandatory=False)
    given.relates("c", RelationKind.BROADER, "b", id="narrower")
    given.relates("b", RelationKind.RELATED, "d", id="loose")
    given.relates("b", RelationKind.REQUIRES_FIRST, "e")
    given.relates("a", RelationKind.EQUIVALENT, "d")
    found = overlap(given.snapshot(), "house/1", "esco", DAY, given.seq)
    assert [each.here.skill_id for each in found.both] == ["a"]
    assert [each.skill_id for each in found.only_here] == ["b"]
    assert [(each.skill_id, each.is_mandatory) for each in found.only_there] == [
        ("c", True),
        ("d", True),
        ("e", False),
    ]
    assert [(each.here.skill_id, each.there.skill_id, each.kinship, each.relation_id) for each in found.near] == [
        ("b", "c", "NARROWER", "narrower"),
        ("b", "d", "RELATED", "loose"),
    ]
    assert found.ratio == 1 / 5
    assert found.weighted_ratio == pytest.approx(0.2 / 1.8)  # a is 1/2 of one list and 1/5 of the other


def test_the_nearest_occupations_share_most_and_are_occupations_in_force(given: Given) -> None:
    role(given, "same", "a", "b", source="ESCO 1.2.0")
    role(given, "half", "a", source="O*NET 29.2")
    role(given, "also", "b", source="ESCO 1.2.0")
    role(given, "most", "a", "b", "c", source="ESCO 1.2.0")
    role(given, "other", "c", source="ESCO 1.2.0")
    role(given, "ours", "a", "b", source="House")
    given.add(Role, id="draft", name="draft", source="ESCO 1.2.0")
    given.add(RoleProfile, id="draft/1", role_id="draft", version=1)
    requires(given, "draft/1", "a")
    found = nearest_occupations(given.snapshot(), "house", DAY, given.seq)
    assert [(each.role_id, each.shared, each.only_here, each.only_there, each.overlap) for each in found] == [
        ("same", 2, 0, 0, 1_000_000),
        ("most", 2, 0, 1, 666_666),
        ("also", 1, 1, 0, 500_000),
        ("half", 1, 1, 0, 500_000),
    ]
    with pytest.raises(Invalid, match="no published profile in force"):
        nearest_occupations(given.snapshot(), "draft", DAY, given.seq)
