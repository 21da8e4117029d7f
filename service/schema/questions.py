"""Every question that is reckoned, by the name of its field."""

import strawberry

from service.schema.alerts_question import FIELDS as ALERTS
from service.schema.campaign_question import review_progress
from service.schema.candidates_question import candidates
from service.schema.capacity_question import capacity
from service.schema.career_question import career_paths
from service.schema.comparison_question import compare_job_descriptions, compare_role_profiles
from service.schema.coverage_question import coverage
from service.schema.description_check_question import CHECKING
from service.schema.description_question import COMPOSING
from service.schema.duties_gap_question import duties_gap
from service.schema.expiry_question import FIELDS as EXPIRY
from service.schema.gap_question import skill_gap
from service.schema.group_gap_question import group_gap
from service.schema.heat_map_question import FIELDS as HEAT_MAP
from service.schema.level_question import explain_level
from service.schema.occupation_question import OCCUPATIONS
from service.schema.people_questions import experts, similar_people
from service.schema.policy_question import POLICY_PREVIEW
from service.schema.profile_question import profile
from service.schema.project_gap_question import project_gap
from service.schema.quality_question import quality
from service.schema.queue_question import verification_queue
from service.schema.search_question import SEARCH
from service.schema.suggestion_question import SUGGESTIONS
from service.schema.taxonomy_question import FIELDS as TAXONOMY
from service.schema.team_question import team_cover

FIELDS = {
    "skillGap": strawberry.field(
        resolver=skill_gap,
        description="What a person lacks for a target: one cause, one cure and the points for each requirement.",
    ),
    "groupGap": strawberry.field(
        resolver=group_gap,
        description="What a group lacks for a target: people counted by requirement and cause, and the cures.",
    ),
    "dutiesGap": strawberry.field(
        resolver=duties_gap, description="What people lack of what their own unit, site and role require of them."
    ),
    "projectGap": strawberry.field(
        resolver=project_gap,
        description="What the open positions of a project lack on a day: people, and what those booked to them lack.",
    ),
    "careerPaths": strawberry.field(
        resolver=career_paths,
        description="The roles near to a person, those first of which most is covered, each with what is missing.",
    ),
    "candidates": strawberry.field(resolver=candidates, description="Who fits a target, is free for it, and why."),
    "similarPeople": strawberry.field(
        resolver=similar_people, description="Who holds what a person holds, and the shared skills that say so."
    ),
    "experts": strawberry.field(resolver=experts, description="Who knows a skill best, and on what evidence."),
    "teamCover": strawberry.field(
        resolver=team_cover, description="The smallest team that together has everything asked, and what nobody has."
    ),
    "capacity": strawberry.field(
        resolver=capacity,
        description="What the people there are can serve of the work there is, month by month, and what is short.",
    ),
    "explainLevel": strawberry.field(
        resolver=explain_level,
        description="Why a person has a level in a skill: everything ever said about it, and how each counted.",
    ),
    "profile": strawberry.field(
        resolver=profile,
        description="What is recorded about a person's skills, and how far it is proven.",
    ),
    **HEAT_MAP,
    **EXPIRY,
    **ALERTS,
    "verificationQueue": strawberry.field(
        resolver=verification_queue,
        description="What waits for an assessor's decision, and how many gaps each decision would close.",
    ),
    "reviewProgress": strawberry.field(
        resolver=review_progress, description="How far a review has come, and who is to be reminded of it."
    ),
    "coverage": strawberry.field(
        resolver=coverage,
        description="Where rules demand people with a skill: who covers them, how many are short, who is nearest.",
    ),
    "compareRoleProfiles": strawberry.field(
        resolver=compare_role_profiles,
        description="Two versions of what a role requires, or two roles: every difference, and whom it concerns.",
    ),
    "compareJobDescriptions": strawberry.field(
        resolver=compare_job_descriptions,
        description="Two job descriptions: title, text line by line, and the profiles they cite.",
    ),
    "dataQuality": strawberry.field(
        resolver=quality, description="What is missing or stale in the registry: counted, listed, and what to do."
    ),
    **TAXONOMY,
    **SEARCH,
    **SUGGESTIONS,
    **POLICY_PREVIEW,
    **COMPOSING,
    **CHECKING,
    **OCCUPATIONS,
}
