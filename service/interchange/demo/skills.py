"""The demonstration's classification: four scales, ten headings, 120 skills, and how they relate."""

from service.domain.skills import Lifecycle, RelationKind, Scale, Skill, SkillKind, SkillRelation
from service.interchange.demo.house import House
from service.interchange.demo.skill_table import HEADINGS, LEVELS, SKILLS

FRAMEWORK = "House framework 3"

SCALES = (
    Scale(
        id="scale-proficiency",
        name="Proficiency",
        labels=["Aware", "Practising", "Proficient", "Advanced", "Leading"],
        descriptions=[
            "Knows what it is for and follows a guide.",
            "Does simple work with help.",
            "Does usual work alone.",
            "Solves hard cases and reviews the work of others.",
            "Sets how the house does it.",
        ],
    ),
    Scale(
        id="scale-knowledge",
        name="Knowledge",
        labels=["Basic", "Working", "Thorough", "Authority"],
        descriptions=[
            "Knows the terms.",
            "Applies it to usual questions.",
            "Judges unusual cases.",
            "Is asked when others disagree.",
        ],
    ),
    Scale(id="scale-certificate", name="Certificate", labels=["Held"], descriptions=["Passed and in force."]),
    Scale(id="scale-language", name="Language, CEFR", labels=["A1", "A2", "B1", "B2", "C1", "C2"]),
)

SCALE_OF = {
    SkillKind.SKILL: "scale-proficiency",
    SkillKind.TOOL: "scale-proficiency",
    SkillKind.KNOWLEDGE: "scale-knowledge",
    SkillKind.CERTIFICATION: "scale-certificate",
    SkillKind.LANGUAGE: "scale-language",
}

TOP = {
    key: len(next(scale for scale in SCALES if scale.id == SCALE_OF[entry.kind]).labels)
    for key, entry in SKILLS.items()
}
"""Highest level of each skill."""

VERIFIERS = {"high-voltage": 2}
"""Skills that one assessor alone cannot verify."""

BROADER = (
    ("python", "programming"), ("java", "programming"), ("typescript", "programming"), ("go", "programming"),
    ("c-sharp", "programming"), ("r", "programming"), ("cobol", "programming"),
    ("airflow", "data-pipelines"), ("dbt", "data-pipelines"), ("power-bi", "data-visualisation"),
    ("kubernetes", "containers"), ("postgresql", "databases"), ("ux-research", "service-design"),
    ("portfolio-analysis", "management-reporting"), ("ot-security", "security-audit"),
)  # fmt: skip
"""The first is a special case of the second."""

RELATED = (
    ("statistics", "machine-learning", 0.7, True), ("forecasting", "statistics", 0.6, True),
    ("react", "typescript", 0.7, True), ("terraform", "cloud", 0.8, True),
    ("observability", "incident-response", 0.6, True),
    ("kafka", "data-pipelines", 0.6, True), ("process-modelling", "requirements-analysis", 0.6, True),
    ("risk-management", "project-planning", 0.4, True), ("plc", "scada", 0.7, True),
    ("graphql", "rest-apis", 0.8, True),
    ("spanish", "portuguese", 0.5, False), ("internal-audit", "security-audit", 0.7, False),
)  # fmt: skip
"""Two skills, how strongly they relate, and whether a curator accepted it."""

FIRST = (
    ("kubernetes", "containers"), ("machine-learning", "statistics"), ("spark", "python"), ("react", "typescript"),
    ("penetration-testing", "networking"), ("high-voltage", "electrical-installation"),
    ("post-quantum", "cryptography"),
    ("continuous-delivery", "git"), ("cert-high-voltage", "high-voltage"),
)  # fmt: skip
"""The first needs the second."""

EQUIVALENT = (("agile-facilitation", "scrum-mastery"),)


def skill_id(key: str) -> str:
    """The id of the skill called *key* in the tables."""
    return f"skill-{key}"


def classify(house: House) -> None:
    """Add scales, skills and relations."""
    house.add(*SCALES)
    house.add(
        *(
            Skill(id=skill_id(key), name=heading.name, description=heading.description, is_group=True, source=FRAMEWORK)
            for key, heading in HEADINGS.items()
        )
    )
    for key, entry in SKILLS.items():
        house.add(
            Skill(
                id=skill_id(key),
                name=entry.name,
                kind=entry.kind,
                scale_id=SCALE_OF[entry.kind],
                description=entry.description,
                alternative_labels=entry.labels,
                level_descriptions=LEVELS.get(key, []),
                source=FRAMEWORK,
                lifecycle=Lifecycle.DEPRECATED if entry.replaced_by else Lifecycle.PUBLISHED,
                replaced_by_id=skill_id(entry.replaced_by) if entry.replaced_by else None,
                required_verifiers=VERIFIERS.get(key, 1),
            )
        )
    _relate(house)


def _relate(house: House) -> None:
    pairs = [(key, entry.heading, RelationKind.BROADER) for key, entry in SKILLS.items()]
    pairs += [(narrow, broad, RelationKind.BROADER) for narrow, broad in BROADER]
    pairs += [(needs, first, RelationKind.REQUIRES_FIRST) for needs, first in FIRST]
    pairs += [(one, other, RelationKind.EQUIVALENT) for one, other in EQUIVALENT]
    for one, other, kind in pairs:
        house.add(
            SkillRelation(
                id=f"rel-{one}-{kind.lower()}-{other}",
                from_id=skill_id(one),
                to_id=skill_id(other),
                kind=kind,
                is_curated=True,
                origin=FRAMEWORK,
            )
        )
    for one, other, weight, is_curated in RELATED:
        house.add(
            SkillRelation(
                id=f"rel-{one}-related-{other}",
                from_id=skill_id(one),
                to_id=skill_id(other),
                kind=RelationKind.RELATED,
                weight=weight,
                is_curated=is_curated,
                origin=FRAMEWORK if is_curated else "Proposed by similarity of names",
            )
        )
