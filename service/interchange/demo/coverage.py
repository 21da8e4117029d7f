"""Three rules of the house: one is met with people to spare, one is met with none, one is short of somebody."""

from service.domain.proof import Trust
from service.domain.roles import CoverageRule
from service.interchange.demo.house import House
from service.interchange.demo.skills import skill_id
from service.interchange.demo.staff import unit_id

SPARE = "rule-high-voltage"
BARE = "rule-kubernetes"
SHORT = "rule-cobol"


def cover(house: House) -> None:
    """Add the rules, after the units, skills and projects that they are about."""
    house.add(
        CoverageRule(
            id=SPARE,
            name="Two who may switch high voltage, Leeds depot",
            skill_id=skill_id("high-voltage"),
            level=3,
            people=2,
            min_trust=Trust.VERIFIED,
            unit_id=unit_id("field-north"),
        ),
        CoverageRule(
            id=BARE,
            name="Three who can run the clusters during the move",
            skill_id=skill_id("kubernetes"),
            level=4,
            people=3,
            project_id="prj-cloud-move",
        ),
        CoverageRule(
            id=SHORT,
            name="Two who can mend the old billing core",
            skill_id=skill_id("cobol"),
            level=3,
            people=2,
            unit_id=unit_id("software"),
        ),
    )
