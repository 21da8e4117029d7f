"""The wording of the 120 skills: key, kind, name, description, other labels, under their headings.

Kinds: S skill, T tool, K knowledge, L language, C certificate. A fifth column holds labels in other
languages; ``-> key`` at its end names the skill to use instead.
"""

from typing import NamedTuple

from service.domain.skills import SkillKind

KINDS = {
    "S": SkillKind.SKILL,
    "T": SkillKind.TOOL,
    "K": SkillKind.KNOWLEDGE,
    "L": SkillKind.LANGUAGE,
    "C": SkillKind.CERTIFICATION,
}


class Heading(NamedTuple):
    """A heading of the classification."""

    name: str
    description: str


class Entry(NamedTuple):
    """One skill as the table words it."""

    heading: str
    kind: SkillKind
    name: str
    description: str
    labels: list[str]
    replaced_by: str | None


TABLE = """
# data | Data and analytics | Getting answers and products out of data.
python | T | Python | Programs in Python and its libraries. | Python programming@en; Python-Programmierung@de
sql | T | SQL | Queries and shapes relational data. | Structured Query Language@en; Datenbankabfragen@de
r | T | R | Analyses data in R.
data-pipelines | S | Data pipelines | Moves and reshapes data reliably. | ETL@en; ELT@en; Datenstrecken@de
airflow | T | Airflow | Schedules and watches pipelines in Apache Airflow. | Apache Airflow@en
dbt | T | dbt | Builds tested transformations inside the warehouse.
spark | T | Spark | Processes large data on a cluster. | Apache Spark@en
kafka | T | Kafka | Runs and uses event streams. | Apache Kafka@en; event streaming@en
data-modelling | S | Data modelling | Designs tables and events that last. | data modeling@en-US; Datenmodellierung@de
data-quality | S | Data quality | Finds, measures and repairs defects in data.
data-governance | K | Data governance | Ownership, lineage and lawful use of data.
statistics | K | Statistics | Estimates, tests and experiments. | Statistik@de
machine-learning | S | Machine learning | Trains, judges and runs models. | ML@en; maschinelles Lernen@de
forecasting | S | Forecasting | Predicts load, demand and cost with honest intervals.
data-visualisation | S | Data visualisation | Shows data so that it is read rightly. | data visualization@en-US
power-bi | T | Power BI | Builds reports and semantic models in Power BI.
geospatial | S | Geospatial analysis | Works with maps, coordinates and routes. | GIS@en
# software | Software | Building and changing programs.
programming | S | Programming | Writes programs, whatever the language. | coding@en; Programmieren@de
java | T | Java | Programs in Java.
typescript | T | TypeScript | Programs in TypeScript. | JavaScript@en
go | T | Go | Programs in Go. | Golang@en
c-sharp | T | C# | Programs in C#. | C-Sharp@en; .NET@en
react | T | React | Builds interfaces with React.
cobol | T | COBOL | Keeps the billing core alive. | Cobol-Wartung@de
rest-apis | S | REST interfaces | Designs interfaces over HTTP. | API design@en
graphql | T | GraphQL | Designs and serves GraphQL schemas.
software-architecture | S | Software architecture | Decides what is costly to change. | Softwarearchitektur@de
domain-modelling | S | Domain modelling | Finds the words and rules of a field and builds on them.
automated-testing | S | Automated testing | Writes tests that find faults before users do. | test automation@en
exploratory-testing | S | Exploratory testing | Finds what nobody thought to specify.
performance | S | Performance engineering | Measures and removes what is slow.
continuous-delivery | S | Continuous delivery | Ships small changes safely and often. | CI/CD@en
git | T | Git | Keeps versions and works in branches.
subversion | T | Subversion | Keeps versions in the old store. | SVN@en -> git
accessibility | K | Accessibility | Rules and practice of interfaces for everybody. | WCAG@en; Barrierefreiheit@de
interface-design | S | Interface design | Designs screens and their states. | UI design@en
service-design | S | Service design | Designs a service from the user's need to the back office.
ux-research | S | User research | Learns from users by watching and asking. | UX research@en
# infrastructure | Infrastructure | Running what the house depends on.
linux | T | Linux | Runs Linux servers. | GNU/Linux@en
shell | T | Shell scripting | Automates with the shell. | Bash@en
networking | K | Networking | Routing, switching and naming. | Netzwerktechnik@de
firewalls | T | Firewalls | Plans and runs packet filters and proxies.
containers | S | Containers | Builds and runs container images. | Docker@en
kubernetes | T | Kubernetes | Runs clusters and what lives on them. | k8s@en
terraform | T | Terraform | Describes infrastructure as code. | infrastructure as code@en
cloud | S | Cloud platforms | Chooses, builds and runs cloud services.
observability | S | Observability | Makes running systems explain themselves. | monitoring@en
databases | S | Database administration | Runs databases: space, speed, safety. | DBA@en
postgresql | T | PostgreSQL | Runs and tunes PostgreSQL. | Postgres@en
backup | S | Backup and recovery | Gets data back, and proves it beforehand.
incident-response | S | Incident response | Restores service and learns from the fault.
# security | Security | Keeping out, noticing, and putting right.
threat-modelling | S | Threat modelling | Finds how a design can be attacked. | threat modeling@en-US
penetration-testing | S | Penetration testing | Attacks by agreement, and reports. | pentesting@en
identity | S | Identity and access | Plans who may do what, and proves it. | IAM@en
cryptography | K | Cryptography | Ciphers, keys and protocols, and their limits.
post-quantum | S | Post-quantum migration | Moves systems to ciphers that outlast quantum computers. | PQC@en
security-audit | S | Security audit | Checks controls against a standard.
ot-security | S | Industrial control security | Protects control systems in the field. | OT security@en
secure-coding | S | Secure coding | Writes code without the known holes.
forensics | S | Digital forensics | Secures and reads traces.
data-protection | K | Data protection law | What may be done with personal data. | GDPR@en; DSGVO@de
# delivery | Project delivery | Turning intent into results on time.
project-planning | S | Project planning | Breaks work down, orders it, and keeps the plan true. | Projektplanung@de
project-budgeting | S | Project budgeting | Estimates cost and keeps to it.
risk-management | S | Risk management | Names risks early and acts on them. | Risikomanagement@de
stakeholders | S | Stakeholder management | Keeps those concerned informed and agreed.
agile-facilitation | S | Agile facilitation | Helps a team to deliver in short cycles.
scrum-mastery | S | Scrum mastery | The same under the name of an earlier framework. | scrum master@en
requirements-analysis | S | Requirements analysis | Finds out what is needed, testably. | business analysis@en
process-modelling | S | Process modelling | Draws how work flows, and improves it. | BPMN@en
change-management | S | Change management | Gets people ready, willing and able to work anew.
benefits | S | Benefits realisation | Checks whether the result paid off.
portfolio-analysis | S | Portfolio analysis | Compares and balances initiatives.
procurement | S | Procurement | Buys well and lawfully. | Einkauf@de
supplier-management | S | Supplier management | Holds suppliers to what was agreed.
workshops | S | Workshop facilitation | Leads a group to a result.
product-ownership | S | Product ownership | Decides what comes next, and says no to the rest.
# finance-people | Finance and people | Money, contracts and staff.
accounting | K | Accounting | Books, closes and explains. | Buchhaltung@de
controlling | S | Controlling | Plans, compares and warns.
management-reporting | S | Management reporting | Tells the board what it must know on a page.
tax | K | Tax | What is due, where and when. | Steuerrecht@de
payroll | S | Payroll | Pays everybody right and on time. | Entgeltabrechnung@de
internal-audit | S | Internal audit | Checks whether rules are kept, and whether they help.
spreadsheets | T | Spreadsheets | Builds models that others can follow. | Excel@en
erp | T | ERP finance module | Works in the house's finance system.
recruiting | S | Recruiting | Finds and wins the right people.
employment-law | K | Employment law | Contracts, hours and leave. | Arbeitsrecht@de
learning-design | S | Learning design | Builds courses that change what people do.
workforce-planning | S | Workforce planning | Matches people to work, years ahead.
# field | Field operations | Work on lines, cabinets and plants.
electrical-installation | S | Electrical installation | Wires, connects and tests low voltage. | Elektroinstallation@de
high-voltage | S | High-voltage switching | Switches, earths and releases high-voltage plant. | Hochspannung@de
fibre-splicing | S | Fibre splicing | Joins and measures optical fibre. | fiber splicing@en-US
cable-testing | S | Cable testing | Finds and proves faults in cables.
meter-installation | S | Meter installation | Mounts and commissions meters.
scada | T | SCADA | Configures supervisory control. | supervisory control@en
plc | S | PLC programming | Programs controllers of plant. | SPS-Programmierung@de
site-supervision | S | Site supervision | Leads a site: people, plan, safety.
safety-inspection | S | Safety inspection | Sees hazards and stops work when needed.
# together | Working with others | What every kind of work needs.
communication | S | Communication | Says what matters so that it is understood.
coaching | S | Coaching | Helps others to grow.
negotiation | S | Negotiation | Reaches agreements that last.
technical-writing | S | Technical writing | Writes what others can follow.
team-leadership | S | Team leadership | Leads a team: aims, help, feedback. | Teamleitung@de
# languages | Languages | Levels of the Common European Framework.
english | L | English | Speaks, reads and writes English. | Englisch@de
german | L | German | Speaks, reads and writes German. | Deutsch@de
french | L | French | Speaks, reads and writes French. | français@fr
spanish | L | Spanish | Speaks, reads and writes Spanish. | español@es
portuguese | L | Portuguese | Speaks, reads and writes Portuguese. | português@pt
polish | L | Polish | Speaks, reads and writes Polish. | polski@pl
japanese | L | Japanese | Speaks, reads and writes Japanese. | nihongo@ja
# certificates | Certificates | Passed examinations and permits, most with an end.
cert-data-engineer | C | Certified data engineer | Examination on pipelines, storage and streaming.
cert-cloud-engineer | C | Certified cloud engineer | Examination on building and running cloud services.
cert-kubernetes | C | Certified cluster administrator | Practical examination on clusters.
cert-security | C | Certified security professional | Examination on security in all its parts.
cert-project-manager | C | Certified project manager | Examination on leading projects.
cert-agile | C | Certified agile practitioner | Examination on agile delivery.
cert-accountant | C | Certified accountant | Admission as accountant.
cert-electrician | C | Qualified electrician | Trade certificate.
cert-high-voltage | C | High-voltage authorised person | Permit to switch alone.
cert-height | C | Work at height permit | Permit for masts, poles and roofs.
cert-first-aid | C | First aid at work | Renewed every two years.
"""


def _parsed() -> tuple[dict[str, Heading], dict[str, Entry]]:
    headings: dict[str, Heading] = {}
    skills: dict[str, Entry] = {}
    for line in TABLE.strip().splitlines():
        key, *cells = (cell.strip() for cell in line.split("|"))
        if key.startswith("# "):
            headings[key[2:]] = Heading(*cells)
            continue
        labels, _, instead = (cells[3] if cells[3:] else "").partition("->")
        skills[key] = Entry(
            heading=list(headings)[-1],
            kind=KINDS[cells[0]],
            name=cells[1],
            description=cells[2],
            labels=[label.strip() for label in labels.split(";") if label.strip()],
            replaced_by=instead.strip() or None,
        )
    return headings, skills


HEADINGS, SKILLS = _parsed()

LEVELS = {
    "python": [
        "Reads and adapts short scripts.",
        "Writes scripts with help of others.",
        "Builds and tests programs alone.",
        "Designs libraries and finds what is slow.",
        "Sets the house's way of writing Python.",
    ],
    "sql": [
        "Selects and filters.",
        "Joins and groups.",
        "Uses window functions and reads plans.",
        "Designs indexes and repairs slow statements.",
        "Sets the house's way of storing data.",
    ],
    "kubernetes": [
        "Knows what a cluster does.",
        "Deploys with given charts.",
        "Runs services on a cluster alone.",
        "Builds, upgrades and repairs clusters.",
        "Designs the platform for the house.",
    ],
    "project-planning": [
        "Keeps a task list.",
        "Plans a small project with help.",
        "Plans and steers a project alone.",
        "Steers several teams with dependencies.",
        "Sets how the house plans.",
    ],
    "networking": [
        "Knows addresses, names and ports.",
        "Builds a small network.",
        "Designs for failure and growth.",
        "Is called when nobody finds the fault.",
    ],
}
"""What each level means for some skills."""
