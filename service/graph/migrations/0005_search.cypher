// Full text over names; the embedded engine makes the same indexes from the file of declarations.
CREATE FULLTEXT INDEX skill_name IF NOT EXISTS FOR (fact:Skill) ON EACH [fact.name];
CREATE FULLTEXT INDEX skill_alternative IF NOT EXISTS FOR (fact:Skill) ON EACH [fact.alternative_labels];
CREATE FULLTEXT INDEX role_name IF NOT EXISTS FOR (fact:Role) ON EACH [fact.name];
CREATE FULLTEXT INDEX role_alternative IF NOT EXISTS FOR (fact:Role) ON EACH [fact.alternative_labels];
