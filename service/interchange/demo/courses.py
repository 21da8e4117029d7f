"""Thirty courses, what they develop, and the dates on which they run."""

from service.domain.learning import Course, CourseOutcome, Session, SessionStatus
from service.interchange.demo.house import House
from service.interchange.demo.skill_table import SKILLS
from service.interchange.demo.skills import skill_id

TABLE = """
python-1 | Python, first steps | Larkfield Academy | 24 | 480 | python 0 2 0.9; git 0 2 0.8
python-2 | Python for data | Larkfield Academy | 32 | 720 | python 2 3 0.8 | python-1
python-3 | Python, design and speed | Stonebridge Training | 40 | 1450 | python 3 4 0.65 | python-2
sql-1 | SQL, from the first query | Larkfield Academy | 32 | 560 | sql 0 3 0.75
sql-2 | SQL, windows and plans | Larkfield Academy | 24 | 640 | sql 2 4 0.7 | sql-1
pipelines | Reliable data pipelines | Stonebridge Training | 80 | 2600 | data-pipelines 0 4 0.6 | python-2
spark | Spark in practice | Stonebridge Training | 32 | 1500 | spark 0 3 0.7 | python-2
modelling | Data modelling workshop | Larkfield Academy | 16 | 400 | data-modelling 1 3 0.8
statistics | Statistics for decisions | Open Valley College | 60 | 900 | statistics 0 2 0.75
learning-machines | Machine learning, honestly | Open Valley College | 80 | 1800 | machine-learning 0 3 0.6 | statistics
charts | Charts that are read rightly | Larkfield Academy | 8 | 190 | data-visualisation 1 3 0.85; power-bi 0 2 0.8
data-exam | Examination, data engineer | Stonebridge Training | 40 | 1900 | cert-data-engineer 0 1 0.7
java-2 | Java, the second year | Larkfield Academy | 40 | 950 | java 2 4 0.6
testing | Tests that find faults | Larkfield Academy | 24 | 560 | automated-testing 1 3 0.8
accessible | Interfaces for everybody | Larkfield Academy | 12 | 250 | accessibility 0 2 0.9
containers | Containers | Stonebridge Training | 16 | 690 | containers 0 3 0.85
clusters-1 | Clusters for users | Stonebridge Training | 24 | 1100 | kubernetes 0 3 0.8 | containers
clusters-2 | Clusters for operators | Stonebridge Training | 40 | 2400 | kubernetes 3 4 0.6 | clusters-1
cloud-exam | Examination, cloud engineer | Stonebridge Training | 32 | 1700 | cert-cloud-engineer 0 1 0.75
networks | Networks from the ground up | Open Valley College | 60 | 850 | networking 0 3 0.7
threats | Threat modelling | Larkfield Academy | 16 | 600 | threat-modelling 1 3 0.8
quantum | Ciphers after the quantum computer | Open Valley College | 30 | - | cryptography 1 2 0.8; post-quantum 0 2 0.6
planning | Planning and risk | Larkfield Academy | 24 | 580 | project-planning 1 3 0.8; risk-management 1 3 0.8
manager-exam | Examination, project manager | Stonebridge Training | 40 | 2100 | cert-project-manager 0 1 0.8 | planning
analysis | Requirements that can be tested | Larkfield Academy | 20 | 520 | requirements-analysis 1 3 0.8
coaching | Coaching colleagues | Larkfield Academy | 16 | 450 | coaching 0 3 0.7
employment | Employment law, yearly update | Open Valley College | 8 | 210 | employment-law 1 2 0.9
height | Work at height | Larkfield Depot School | 8 | 160 | cert-height 0 1 0.95
first-aid | First aid at work | Larkfield Depot School | 8 | 95 | cert-first-aid 0 1 0.97
switching | High-voltage switching, with practice | Larkfield Depot School | 80 | 2900 | high-voltage 0 3 0.7
"""
"""Key, title, provider, hours, price, outcomes as skill from to success rate, course to complete first."""

PLACES = ("London", "Munich", "Leeds", "Online")


def offer(house: House) -> None:
    """Add courses, outcomes and sessions."""
    dice = house.dice("sessions")
    for line in TABLE.strip().splitlines():
        key, name, provider, hours, price, outcomes, *first = (cell.strip() for cell in line.split("|"))
        house.add(
            Course(
                id=f"course-{key}",
                name=name,
                description="Develops " + ", ".join(SKILLS[each.split()[0]].name for each in outcomes.split(";")) + ".",
                provider=provider,
                hours=float(hours),
                price=None if price == "-" else float(price),
                language="en",
                prerequisite_ids=[f"course-{each}" for each in first],
            )
        )
        for outcome in outcomes.split(";"):
            skill, from_level, to_level, success_rate = outcome.split()
            house.add(
                CourseOutcome(
                    id=f"co-{key}-{skill}",
                    course_id=f"course-{key}",
                    skill_id=skill_id(skill),
                    from_level=int(from_level),
                    to_level=int(to_level),
                    success_rate=float(success_rate),
                )
            )
        days = max(1, round(float(hours) / 8))
        for number, first_day in enumerate((dice.randint(-150, -30), dice.randint(10, 80), dice.randint(90, 170)), 1):
            is_over = first_day < 0
            status = SessionStatus.DONE if is_over else dice.choice((SessionStatus.PLANNED, SessionStatus.CONFIRMED))
            house.add(
                Session(
                    id=f"session-{key}-{number}",
                    course_id=f"course-{key}",
                    place=dice.choice(PLACES),
                    seats=dice.choice((8, 12, 16)),
                    min_seats=4,
                    status=status,
                    valid_from=house.day(first_day),
                    valid_until=house.day(first_day + days),
                )
            )
