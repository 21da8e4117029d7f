"""Three questions worth asking first, as GraphQL."""

from collections.abc import Mapping
from typing import Any

from service.interchange.demo.cases import Case
from service.interchange.demo.cast import CAST

GAP = """
query Gap($person: ID!, $target: TargetInput!) {
  skillGap(person: $person, target: $target) {
    isEligible
    fit
    compliance
    lines { skill { name } requiredLevel level cause explanation }
  }
}
"""

CANDIDATES = """
query Candidates($position: ID!) {
  candidates(target: {position: $position}, first: 8) {
    totalCount
    eligibleCount
    edges { node { person { name } isEligible isAvailable fit freeFte } }
  }
}
"""

CAPACITY = """
query Capacity {
  capacity(months: 6) {
    buckets {
      first
      demandFte
      servableFte
      shortageFte
      bottleneck { demandFte freeFte people profiles { requirements { skill { name } level } } }
    }
  }
}
"""


def ready_questions(cases: Mapping[str, Case]) -> list[tuple[str, str, dict[str, Any]]]:
    """Title, operation and variables: one question each of HR, a project manager, and the PMO."""
    aspirant, contested = cases["aspirant"].ids, cases["contested"].ids
    return [
        (
            f"HR: what is {CAST['aspirant'].name} missing for the role of senior data engineer?",
            GAP.strip(),
            {"person": f"Person:{aspirant['person']}", "target": {"role": f"Role:{aspirant['role']}"}},
        ),
        (
            "Project manager: who fits the lead of the reading pipelines, and who is free?",
            CANDIDATES.strip(),
            {"position": f"Position:{contested['position']}"},
        ),
        ("PMO: where are we short in the next six months?", CAPACITY.strip(), {}),
    ]
