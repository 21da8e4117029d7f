"""The rules for evidence: each kind names what makes it one."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from service.acts.lookup import Lookup
from service.acts.refusal import Refusal
from service.domain.proof import Evidence, EvidenceKind

NEEDED: Mapping[EvidenceKind, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        EvidenceKind.CREDENTIAL: (("issuer",), "who issued it"),
        EvidenceKind.EXAM: (("result", "issuer"), "what came out of it, or who held it"),
        EvidenceKind.PROJECT: (("project_id", "uri"), "the project, or where it can be seen"),
    }
)
"""By kind: the fields of which it has one at least. A document on paper and an observation have a title only."""


async def check_evidence(_: Lookup, facts: Sequence[Evidence]) -> list[Refusal]:
    """Why some of *facts* cannot be recorded: they leave out what their kind is about."""
    refusals = []
    for index, fact in enumerate(facts):
        names, what = NEEDED.get(fact.kind, ((), ""))
        if names and not any(getattr(fact, name) for name in names):
            reason = f"{' or '.join(names)} is missing; a piece of evidence of kind {fact.kind} says {what}"
            refusals.append(Refusal(index=index, field=names[0], value="", reason=reason))
    return refusals
