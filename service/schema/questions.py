"""The three headline questions: what is missing, who fits and is free, what can be taken on."""

import strawberry

from service.schema.candidates_question import candidates
from service.schema.capacity_question import capacity
from service.schema.gap_question import skill_gap

FIELDS = {
    "skillGap": strawberry.field(
        resolver=skill_gap,
        description="What a person lacks for a target: one cause, one cure and the points for each requirement.",
    ),
    "candidates": strawberry.field(resolver=candidates, description="Who fits a target, is free for it, and why."),
    "capacity": strawberry.field(
        resolver=capacity,
        description="What the people there are can serve of the work there is, month by month, and what is short.",
    ),
}
