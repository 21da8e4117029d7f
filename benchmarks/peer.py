"""The headline question as a hand-written Cypher query would answer it: who fits a role, the best twenty.

It does less than the service: no credit for related skills, no fading of unused ones, no waivers, no
assessors' decisions, nobody's free days. Each statement of a holding is weighed by its level and trust.
"""

from service.graph.database import Database, Row

RANKING = """
MATCH (role:Role {id: $role_id})-[:HAS_PROFILE]->(profile:RoleProfile)
WHERE profile.retracted_seq IS NULL AND profile.status = 'PUBLISHED'
AND (profile.valid_from IS NULL OR profile.valid_from <= $first)
AND (profile.valid_until IS NULL OR profile.valid_until > $first)
WITH profile ORDER BY profile.version DESC, profile.id DESC LIMIT 1
MATCH (profile)-[:REQUIRES]->(requirement:Requirement)-[:OF_SKILL]->(skill:Skill)
WHERE requirement.retracted_seq IS NULL
MATCH (skill)<-[:OF_SKILL]-(assertion:Assertion)
WHERE assertion.retracted_seq IS NULL AND assertion.trust <> 'INFERRED'
AND (assertion.valid_from IS NULL OR assertion.valid_from <= $first)
AND (assertion.valid_until IS NULL OR assertion.valid_until > $first)
WITH assertion.person_id AS person_id, requirement,
CASE assertion.trust WHEN 'VERIFIED' THEN 3 WHEN 'ENDORSED' THEN 2 ELSE 1 END AS rank,
CASE assertion.trust WHEN 'VERIFIED' THEN 1.0 WHEN 'ENDORSED' THEN 0.85 ELSE 0.7 END AS confidence,
toFloat(assertion.level) / requirement.level AS reached,
CASE requirement.min_trust WHEN 'VERIFIED' THEN 3 WHEN 'ENDORSED' THEN 2 ELSE 1 END AS floor
WHERE rank >= floor
WITH person_id, requirement,
max(CASE WHEN requirement.is_mandatory AND reached >= 1 THEN 1 ELSE 0 END) AS met,
max(CASE WHEN reached > 1 THEN confidence ELSE reached * confidence END) AS credit
WITH person_id, sum(met) AS met, sum(requirement.weight * credit) AS fit
ORDER BY met DESC, fit DESC, person_id LIMIT 20
MATCH (person:Person {id: person_id})
RETURN person.id AS id, person.name AS name, met, fit
ORDER BY met DESC, fit DESC, id
"""


async def ranking(database: Database, role_id: str, first: str) -> list[Row]:
    """The twenty who meet most mandatory requirements of a role on a day, then those with most credit."""
    return await database.rows(RANKING, role_id=role_id, first=first)
