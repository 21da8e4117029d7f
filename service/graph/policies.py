"""The versions of the fit policy that there are."""

from service.graph.database import Database, Transaction

TAKEN = """
MATCH (policy:FitPolicyVersion) WHERE policy.retracted_seq IS NULL
RETURN policy.version AS version, policy.id AS id
ORDER BY version, id
"""


async def taken(reader: Database | Transaction) -> dict[int, str]:
    """The id of the policy of each version, drafts and those out of force too."""
    return {row["version"]: row["id"] for row in await reader.rows(TAKEN)}
