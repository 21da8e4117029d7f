"""The scale that skills of a framework without levels are measured on."""

from service.domain.skills import Scale

PROFICIENCY = Scale(
    id="proficiency-5",
    name="Proficiency, five levels",
    labels=["Fundamental awareness", "Novice", "Intermediate", "Advanced", "Expert"],
    descriptions=[
        "Has common knowledge or an understanding of basic techniques and concepts.",
        "Has the experience gained in a classroom or as a trainee; is expected to need help.",
        "Completes tasks as requested; may need an expert's help from time to time, usually works alone.",
        "Performs the actions of this skill without help; is asked by others when difficult questions arise.",
        "Is known as an authority; gives guidance, solves problems and answers questions in this skill.",
    ],
)
"""After the proficiency scale of the US National Institutes of Health."""
