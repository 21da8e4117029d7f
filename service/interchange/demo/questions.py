"""Questions worth asking first, as GraphQL."""

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


ALERTS = """
query Alerts {
  alerts(within: 30, first: 20) {
    totalCount
    edges { node { kind severity dueOn sentence } }
  }
}
"""

QUEUE = """
query Queue {
  verificationQueue(orderBy: GAPS, includeUnrequested: true, first: 10) {
    totalCount
    edges {
      node {
        gapsClosed
        ageDays
        verifiersStillNeeded
        lacking
        request { requestedOn }
        assertion { person { name } skill { name } level }
      }
    }
  }
}
"""

WHY = """
query Why($person: ID!, $skill: ID!) {
  explainLevel(person: $person, skill: $skill) {
    sentence
    levelRule
    assertions(first: 10) {
      edges {
        node {
          level
          verdict
          sentence
          evidence { kind title number issuer standing }
          decisions { decision decidedOn reason standing }
        }
      }
    }
  }
}
"""


def ready_questions(cases: Mapping[str, Case]) -> list[tuple[str, str, dict[str, Any]]]:
    """Title, operation and variables of what HR, project managers, the PMO and assessors ask."""
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
        ("HR: what needs attention in the next 30 days?", ALERTS.strip(), {}),
        ("Assessor: what waits for a decision, and what would it close?", QUEUE.strip(), {}),
        (
            f"HR: why does {CAST['aspirant'].name} have no level as a certified data engineer?",
            WHY.strip(),
            {"person": f"Person:{aspirant['person']}", "skill": "Skill:skill-cert-data-engineer"},
        ),
    ]
