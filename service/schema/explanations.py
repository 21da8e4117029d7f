"""Sentences that say what the data of an answer says."""

from collections.abc import Iterator, Mapping
from typing import Final

from service.capability.capacity import Bottleneck
from service.capability.gaps import CureKind, Line
from service.capability.proving import Lacking, Proof
from service.domain.policy import Cause
from service.domain.proof import Trust


def of_line(line: Line) -> str:
    """Why a requirement is met or open, and what would close it."""
    asked = f"{line.skill_name}: level {line.required_level} asked"
    if line.floor.rank > 1:
        asked += f", {line.floor.lower()} at least"
    held = "no level" if line.level is None or line.trust is None else f"level {line.level} ({line.trust.lower()})"
    return f"{asked}; {_finding(line, held)}{_cure(line)}."


def _finding(line: Line, held: str) -> str:  # noqa: PLR0911  # one for each cause
    match line.cause:
        case Cause.MET:
            return f"holds {held}"
        case Cause.WAIVED:
            return f"waived; holds {held}"
        case Cause.EXPIRING:
            return f"holds {held}, which lapses on {line.expires_on}"
        case Cause.UNVERIFIED:
            return _unproven(line)
        case Cause.EXPIRED:
            return f"held it until it lapsed on {line.expired_on}"
        case Cause.BELOW_LEVEL:
            return f"holds {held}, {line.shortfall} below"
        case Cause.SUBSTITUTED if line.witness is not None:
            return (
                f"does not hold it; a {line.witness.kinship.lower()} skill at level {line.witness.level} earns credit"
            )
        case _:
            return "shown not to have it" if line.level == 0 else "does not hold it"


EVIDENCE: Final = {Lacking.CREDENTIAL: "a credential in force", Lacking.RECENT_EVIDENCE: "recent evidence"}


def _unproven(line: Line) -> str:
    """How far a level that is claimed is verified."""
    proof = line.cure.proof if line.cure else None
    if line.floor is not Trust.VERIFIED:
        return "claims it, but nobody has endorsed it"
    if proof is None or not proof.verifiers:
        return "holds it, but nobody has verified it"
    so_far = f"verified by {proof.verifiers} assessor{'s' if proof.verifiers > 1 else ''}"
    return f"{so_far}, which is too few" if proof.still_needed else f"{so_far}, without the evidence that is demanded"


def proving(line: Line) -> str:
    """The decisions and the evidence that an assertion lacks."""
    proof = line.cure.proof if line.cure else None
    if line.floor is not Trust.VERIFIED:
        return "an endorsement"
    if proof is None:
        return "a verification"
    return " and ".join([*_decisions(proof), *(EVIDENCE[each] for each in proof.lacking)])


def _decisions(proof: Proof) -> Iterator[str]:
    """Who has yet to verify it."""
    if proof.still_needed:
        more = " more" if proof.verifiers else ""
        yield f"verification by {proof.still_needed}{more} assessor{'s' if proof.still_needed > 1 else ''}"


def _cure(line: Line) -> str:
    if line.cure is None:
        return ""
    match line.cure.kind:
        case CureKind.VERIFY | CureKind.EVIDENCE:
            return f"; needed: {proving(line)}"
        case CureKind.WAIT:
            return f"; it is suspended and counts again on {line.cure.until}"
        case CureKind.RENEW:
            return "; renewing closes it"
        case CureKind.COURSE:
            courses = len(line.cure.course_ids)
            return f"; {courses} course{'s' if courses > 1 else ''} on offer would close it"
        case _:
            return "; nothing in the registry would close it"


def of_group_line(name: str, level: int, floor: Trust, people: Mapping[Cause, int]) -> str:
    """How many of a group meet a requirement, and why the others do not."""
    trusted = f", {floor.lower()} at least" if floor.rank > 1 else ""
    asked, met, exempt = sum(people.values()), people.get(Cause.MET, 0), people.get(Cause.WAIVED, 0)
    said = f"{name}, level {level}{trusted}: {met} of {asked} {'meets' if met == 1 else 'meet'} it"
    if exempt:
        said += f", {exempt} {'is' if exempt == 1 else 'are'} exempt"
    others = ", ".join(
        f"{count} {cause.lower().replace('_', ' ')}"
        for cause, count in people.items()
        if cause not in {Cause.MET, Cause.WAIVED}
    )
    return f"{said}; {others}." if others else f"{said}."


def of_bottleneck(neck: Bottleneck, shortage: float) -> str:
    """What is needed, who qualifies, and what they have free."""
    positions = len(neck.position_ids)
    needs = f"{positions} position{'s need' if positions != 1 else ' needs'} {neck.demand_fte:.2f} FTE"
    people = f"{neck.people} {'people qualify' if neck.people != 1 else 'person qualifies'}"
    return f"{needs}; only {people}, with {neck.supply_fte:.2f} FTE free: {shortage:.2f} FTE short."
