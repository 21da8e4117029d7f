"""Sentences that say what needs attention."""

from service.capability.alerts import Alert, AlertKind
from service.capability.columns import day_of
from service.capability.index import Snapshot
from service.domain.proof import TRUSTS


def of_alert(alert: Alert, snapshot: Snapshot, known: int) -> str:  # noqa: PLR0911  # one for each kind
    """What needs attention, whose, and by when."""
    due = day_of(alert.due)
    person = snapshot.person_name(snapshot.people.rows[alert.person_id], known) if alert.person_id else ""
    skill = snapshot.skill_name(alert.skill_id, known) if alert.skill_id else ""
    match alert.kind:
        case AlertKind.SKILL_EXPIRING:
            return f"{person} holds {skill} at {_before(alert)} until {due}, then {_after(alert)}."
        case AlertKind.SKILL_EXPIRED:
            return f"{person} held {skill} at {_before(alert)} until {due}, then {_after(alert)}."
        case AlertKind.REQUEST_OVERDUE:
            return f"A decision on {person} in {skill} was due on {due}."
        case AlertKind.REQUEST_WAITING:
            return f"A decision on {person} in {skill} was asked for on {_since(alert)} and is still open."
        case AlertKind.REVIEW_DUE:
            return f"The review {alert.name} is due on {due}."
        case AlertKind.COVERAGE_SHORT:
            return _coverage(alert, skill)
        case AlertKind.WAIVER_ENDING:
            return f"The waiver of {skill} for {person} ends on {due}."
        case AlertKind.SUSPENSION_ENDING:
            return f"The suspension of what was said about {person} in {skill} ends on {due}; it counts again."


def _before(alert: Alert) -> str:
    return f"level {alert.lapse.level} ({TRUSTS[alert.lapse.trust].lower()})" if alert.lapse else ""


def _after(alert: Alert) -> str:
    lapse = alert.lapse
    if lapse is None or lapse.level_after is None or lapse.trust_after is None:
        return "no level"
    return f"level {lapse.level_after} ({TRUSTS[lapse.trust_after].lower()})"


def _since(alert: Alert) -> str:
    return "" if alert.since is None else str(day_of(alert.since))


def _coverage(alert: Alert, skill: str) -> str:
    covered = alert.covered
    if covered is None:
        return ""
    rule = covered.rule
    asked = f"{rule.people} {'people' if rule.people != 1 else 'person'} with {skill} at level {rule.level}"
    return f"{rule.name}: {asked} asked for in {covered.scope_name}, {covered.least} there; {covered.short} short."
