"""Roles, the versions of their profiles, and the job descriptions that cite them."""

from collections.abc import Iterable

from service.domain.roles import JobDescription, Requirement, Role, RoleProfile, VersionStatus
from service.interchange.demo.house import House
from service.interchange.demo.role_table import EARLIER, ROLES, Kind, Need
from service.interchange.demo.skill_table import SKILLS
from service.interchange.demo.skills import FRAMEWORK, SCALE_OF, SCALES, skill_id

FIRST_PROFILES = -900
SECOND_PROFILES = -300
"""Days from today on which the first profiles, and two second ones, came into force."""

STALE = "platform-engineer"
"""The role whose job description still cites the first version of its profile."""


def role_id(key: str) -> str:
    """The id of the role called *key* in the table."""
    return f"role-{key}"


def profile_id(key: str, version: int) -> str:
    """The id of a version of the role's profile."""
    return f"profile-{key}-{version}"


def establish(house: House) -> None:
    """Add roles, profiles, requirements and job descriptions."""
    for key, kind in ROLES.items():
        house.add(Role(id=role_id(key), name=kind.name, description=kind.purpose, family=kind.family, source=FRAMEWORK))
        versions = [EARLIER[key], kind.needs] if key in EARLIER else [kind.needs]
        for version, needs in enumerate(versions, 1):
            is_last = version == len(versions)
            house.add(
                RoleProfile(
                    id=profile_id(key, version),
                    role_id=role_id(key),
                    version=version,
                    status=VersionStatus.PUBLISHED,
                    valid_from=house.day(FIRST_PROFILES if version == 1 else SECOND_PROFILES),
                    valid_until=None if is_last else house.day(SECOND_PROFILES),
                )
            )
            require(house, profile_id(key, version), needs)
        cited = 1 if key == STALE else len(versions)
        house.add(
            JobDescription(
                id=f"jd-{key}",
                role_id=role_id(key),
                profile_id=profile_id(key, cited),
                version=cited,
                title=kind.name,
                text=_text(kind, versions[cited - 1]),
                status=VersionStatus.PUBLISHED,
            )
        )


def require(house: House, owner_id: str, needs: Iterable[Need]) -> None:
    """Add the *needs* of a profile or position."""
    for need in needs:
        house.add(
            Requirement(
                id=f"req-{owner_id}-{need.skill}",
                owner_id=owner_id,
                skill_id=skill_id(need.skill),
                level=need.level,
                weight=need.weight,
                is_mandatory=need.is_mandatory,
                min_trust=need.min_trust,
            )
        )


def _text(kind: Kind, needs: Iterable[Need]) -> str:
    asked = list(needs)
    return "\n".join(
        (
            kind.purpose,
            "",
            "What you do",
            *(f"- {duty}." for duty in kind.duties),
            "",
            "What you bring",
            *(f"- {_wording(need)}" for need in asked if need.is_mandatory),
            "",
            "What helps",
            *(f"- {_wording(need)}" for need in asked if not need.is_mandatory),
        )
    )


def _wording(need: Need) -> str:
    entry = SKILLS[need.skill]
    scale = next(scale for scale in SCALES if scale.id == SCALE_OF[entry.kind])
    label = scale.labels[need.level - 1].lower() if scale.id != "scale-language" else scale.labels[need.level - 1]
    return f"{entry.name}: {label}{f', {need.min_trust.lower()}' if need.min_trust else ''}."
