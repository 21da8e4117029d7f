"""The 25 kinds of work: what each is called and for, its duties, what an hour costs, and what it asks for."""

from typing import NamedTuple

from service.domain.proof import Trust


class Need(NamedTuple):
    """A requirement as the tables write it."""

    skill: str
    level: int
    weight: float
    is_mandatory: bool
    min_trust: Trust | None


def must(skill: str, level: int = 1, weight: float = 1.0, trust: Trust | None = None) -> Need:
    """A requirement without which nobody is eligible."""
    return Need(skill, level, weight, True, trust)


def wish(skill: str, level: int = 1, weight: float = 1.0, trust: Trust | None = None) -> Need:
    """A requirement that only improves the fit."""
    return Need(skill, level, weight, False, trust)


def proven(skill: str, level: int = 1, weight: float = 1.0) -> Need:
    """A requirement that counts only when verified."""
    return must(skill, level, weight, Trust.VERIFIED)


class Kind(NamedTuple):
    """A kind of work."""

    name: str
    family: str
    rate: int
    purpose: str
    duties: tuple[str, str, str]
    needs: tuple[Need, ...]


ROLES = {
    "data-engineer": Kind(
        "Data engineer", "Data", 62, "Brings data to where it is used, complete and on time.",
        ("Build and watch pipelines", "Test data before others rely on it", "Document sources and their owners"),
        (must("python", 3, 3), must("sql", 3, 3), must("data-pipelines", 3, 2), must("english", 3), wish("airflow", 2),
         wish("data-quality", 2), wish("git", 2)),
    ),
    "data-engineer-senior": Kind(
        "Data engineer, senior", "Data", 84, "Designs and answers for the data platform of a programme.",
        ("Design pipelines and stores", "Review the work of other data engineers", "Agree contracts with data owners"),
        (must("python", 4, 3), must("sql", 4, 3), must("data-pipelines", 4, 3), must("spark", 3, 2),
         must("data-modelling", 3, 2), proven("cert-data-engineer"), must("english", 4),
         wish("kafka", 3, 1, Trust.ENDORSED), wish("coaching", 2)),
    ),
    "data-analyst": Kind(
        "Data analyst", "Data", 58, "Turns questions of the house into figures that it can act on.",
        ("Clarify the question", "Find, check and combine the data", "Show the answer and its limits"),
        (must("sql", 3, 3), must("data-visualisation", 3, 2), must("statistics", 2, 2), must("communication", 3),
         wish("power-bi", 3, 2), wish("spreadsheets", 3), wish("r", 2)),
    ),
    "data-scientist": Kind(
        "Data scientist", "Data", 78, "Predicts load, faults and demand, and says how sure it is.",
        ("Frame the decision", "Train and judge models", "Hand models over so that they keep running"),
        (must("python", 3, 2), must("statistics", 3, 3), must("machine-learning", 3, 3), must("sql", 2),
         wish("forecasting", 3, 2), wish("geospatial", 2)),
    ),
    "software-engineer": Kind(
        "Software engineer", "Software", 64, "Builds and changes the programs that the house sells and runs on.",
        ("Write, test and review code", "Release small changes", "Mend what breaks"),
        (must("java", 3, 3), must("rest-apis", 3, 2), must("automated-testing", 3, 2), must("git", 3),
         must("english", 3), wish("sql", 2), wish("containers", 2), wish("secure-coding", 2)),
    ),
    "software-engineer-senior": Kind(
        "Software engineer, senior", "Software", 86, "Leads the making of a product's hardest parts.",
        ("Cut work into safe steps", "Review designs and code", "Raise the level of the team"),
        (must("java", 4, 3), must("rest-apis", 4, 2), must("automated-testing", 4, 2), must("domain-modelling", 3, 2),
         must("continuous-delivery", 3), wish("performance", 3), wish("coaching", 3), wish("secure-coding", 3)),
    ),
    "frontend-engineer": Kind(
        "Frontend engineer", "Software", 66, "Builds interfaces that everybody can use.",
        ("Build screens from designs", "Keep them fast and accessible", "Test them as users use them"),
        (must("typescript", 3, 3), must("react", 3, 3), must("accessibility", 2, 2), must("git", 2), wish("graphql", 2),
         wish("automated-testing", 2), wish("interface-design", 2)),
    ),
    "software-architect": Kind(
        "Software architect", "Software", 98, "Keeps the systems of the house fit for what comes next.",
        ("Decide structures and write the reasons down", "Find where systems hurt", "Advise teams"),
        (must("software-architecture", 4, 3), must("domain-modelling", 4, 2), must("rest-apis", 4, 2),
         must("threat-modelling", 2), wish("cloud", 3), wish("technical-writing", 3), wish("workshops", 3)),
    ),
    "test-engineer": Kind(
        "Test engineer", "Software", 60, "Finds faults before users do.",
        ("Plan what to test and why", "Automate what repeats", "Explore what nobody specified"),
        (must("automated-testing", 4, 3), must("exploratory-testing", 3, 2), must("git", 2), wish("performance", 2),
         wish("typescript", 2), wish("requirements-analysis", 2)),
    ),
    "ux-designer": Kind(
        "Service and interface designer", "Software", 68, "Designs services around those who need them.",
        ("Learn from users", "Draw, try and discard", "Hand over designs that can be built"),
        (must("interface-design", 3, 3), must("ux-research", 3, 3), must("accessibility", 2), must("workshops", 3),
         wish("service-design", 3), wish("react", 1)),
    ),
    "platform-engineer": Kind(
        "Platform engineer", "Infrastructure", 80, "Builds and runs the clusters that products live on.",
        ("Build, upgrade and repair clusters", "Give teams paved roads", "Take part in the rota"),
        (must("kubernetes", 4, 4), must("linux", 3, 2), must("containers", 3, 2), must("terraform", 3, 2),
         wish("observability", 3), wish("go", 2), wish("incident-response", 3)),
    ),
    "cloud-engineer": Kind(
        "Cloud engineer", "Infrastructure", 76, "Builds and runs services in the cloud, safely and at a known price.",
        ("Build environments from code", "Watch cost and security", "Help teams to move"),
        (must("cloud", 4, 3), must("terraform", 3, 2), must("linux", 3), proven("cert-cloud-engineer", 1, 2),
         wish("networking", 2), wish("shell", 3), wish("observability", 2)),
    ),
    "network-engineer": Kind(
        "Network engineer", "Infrastructure", 68, "Keeps sites, plants and clouds connected.",
        ("Plan and change networks", "Find faults under pressure", "Keep the documents true"),
        (must("networking", 3, 3), must("firewalls", 3, 2), must("incident-response", 3), wish("linux", 2),
         wish("shell", 2), wish("ot-security", 2)),
    ),
    "security-analyst": Kind(
        "Security analyst", "Security", 82, "Sees attacks coming, and lessens what they can do.",
        ("Judge designs and changes", "Test systems by agreement", "Lead the response to incidents"),
        (must("threat-modelling", 3, 3), must("incident-response", 3, 2), must("identity", 3, 2),
         proven("cert-security", 1, 2), wish("penetration-testing", 3), wish("cryptography", 2), wish("forensics", 2)),
    ),
    "project-manager": Kind(
        "Project manager", "Delivery", 88, "Brings a project to its result, in time, budget and peace.",
        ("Plan, steer and report", "Keep risks and money in view", "Get people and decisions in time"),
        (must("project-planning", 4, 3), must("risk-management", 3, 2), must("stakeholders", 3, 2),
         must("project-budgeting", 3, 2), proven("cert-project-manager"), wish("negotiation", 3),
         wish("supplier-management", 2), wish("change-management", 2)),
    ),
    "business-analyst": Kind(
        "Business analyst", "Delivery", 66, "Finds out what is needed, and makes sure that it is what is built.",
        ("Ask, watch and write down", "Model processes", "Agree how the result will be judged"),
        (must("requirements-analysis", 3, 3), must("process-modelling", 3, 2), must("workshops", 3, 2),
         must("communication", 3), wish("sql", 2), wish("benefits", 2)),
    ),
    "agile-lead": Kind(
        "Agile delivery lead", "Delivery", 74, "Helps teams to deliver often and to learn from it.",
        ("Lead the rhythm of the team", "Clear what is in the way", "Coach"),
        (must("agile-facilitation", 4, 3), must("coaching", 3, 2), must("workshops", 3), wish("cert-agile"),
         wish("product-ownership", 2)),
    ),
    "pmo-analyst": Kind(
        "Portfolio analyst", "Delivery", 62, "Shows which initiatives are worth it and can be staffed.",
        ("Compare proposals", "Keep the figures of the portfolio", "Warn early"),
        (must("portfolio-analysis", 3, 3), must("management-reporting", 3, 2), must("spreadsheets", 3, 2),
         wish("benefits", 3), wish("power-bi", 2), wish("workforce-planning", 2)),
    ),
    "financial-controller": Kind(
        "Financial controller", "Finance and people", 64, "Plans the money of the house, and warns when it runs off.",
        ("Plan and forecast", "Close the month", "Explain differences to managers"),
        (must("controlling", 3, 3), must("accounting", 3, 2), must("spreadsheets", 4), wish("cert-accountant"),
         wish("erp", 3), wish("tax", 2)),
    ),
    "payroll-specialist": Kind(
        "Payroll specialist", "Finance and people", 52, "Pays everybody right and on time.",
        ("Run the payroll", "Answer questions", "Follow the law as it changes"),
        (must("payroll", 3, 3), must("tax", 2, 2), must("employment-law", 2, 2), wish("erp", 3), wish("german", 3)),
    ),
    "hr-partner": Kind(
        "People partner", "Finance and people", 60, "Helps managers to find, keep and grow people.",
        ("Advise managers", "Recruit", "Plan learning with the teams"),
        (must("recruiting", 3, 2), must("employment-law", 3, 2), must("communication", 4, 2), wish("coaching", 3),
         wish("learning-design", 2), wish("workforce-planning", 3), wish("data-protection", 2)),
    ),
    "field-technician": Kind(
        "Field technician", "Field", 46, "Builds and mends lines, cabinets and meters.",
        ("Install and test", "Work safely", "Record what was done"),
        (must("electrical-installation", 3, 3), must("cable-testing", 2, 2), proven("cert-height", 1, 2),
         proven("cert-first-aid"), wish("fibre-splicing", 3, 2), wish("meter-installation", 3)),
    ),
    "high-voltage-technician": Kind(
        "High-voltage technician", "Field", 58, "Switches and earths plant so that others can work on it.",
        ("Switch to the agreed plan", "Earth, prove and release", "Stop work when in doubt"),
        (proven("high-voltage", 3, 4), proven("cert-electrician", 1, 2), must("safety-inspection", 3, 2),
         proven("cert-first-aid"), wish("cable-testing", 3), wish("scada", 1)),
    ),
    "site-supervisor": Kind(
        "Site supervisor", "Field", 62, "Leads a site: people, plan and safety.",
        ("Plan the week", "Inspect", "Speak with residents and clients"),
        (must("site-supervision", 3, 3), must("safety-inspection", 3, 3), proven("cert-first-aid"),
         must("communication", 3), wish("project-planning", 2), wish("team-leadership", 3)),
    ),
    "control-systems-engineer": Kind(
        "Control systems engineer", "Field", 74, "Makes plant do what the control room wants.",
        ("Program and configure", "Commission on site", "Keep attackers out"),
        (must("scada", 3, 3), must("plc", 3, 3), must("networking", 2), wish("ot-security", 3, 2),
         wish("electrical-installation", 3), wish("german", 3)),
    ),
}  # fmt: skip

EARLIER: dict[str, tuple[Need, ...]] = {
    "platform-engineer": (
        must("kubernetes", 3, 3), must("linux", 3, 3), must("containers", 3, 2), must("shell", 3), wish("terraform", 2),
    ),
    "data-engineer-senior": (
        must("python", 4, 3), must("sql", 4, 3), must("data-pipelines", 4, 3), must("data-modelling", 3, 2),
        wish("r", 2),
    ),
}  # fmt: skip
"""What two of the roles asked for until their second version."""
