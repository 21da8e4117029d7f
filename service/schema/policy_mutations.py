"""The mutations by which an administrator sets the numbers behind a fit."""

from service.domain.policy import FitPolicyVersion
from service.domain.roles import VersionStatus
from service.schema.acting import correcting, recording, turning
from service.schema.versions import DRAFT, STATUS, draft_only, turned

FIELDS = [
    recording(
        "draftFitPolicy",
        FitPolicyVersion,
        "Draft a version of the numbers behind a fit; it counts for nothing until it is published.",
        fixed=DRAFT,
    ),
    correcting(
        "reviseFitPolicy",
        FitPolicyVersion,
        "Revise a draft of the numbers behind a fit.",
        omit=STATUS,
        check=draft_only("fit policy"),
    ),
    turning(
        "publishFitPolicy",
        FitPolicyVersion,
        "Put a drafted version in force: from its first day on, the highest version published counts.",
        turned(VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
    turning(
        "retireFitPolicy",
        FitPolicyVersion,
        "Take a version out of force; the next lower one in force counts again, at last the one built in.",
        turned(VersionStatus.RETIRED, VersionStatus.PUBLISHED, VersionStatus.DRAFT),
    ),
]
