-- Full text over names. Lists are indexed item by item; an index over both fields would leave out what lacks one.
CREATE PROPERTY Skill.name IF NOT EXISTS STRING;
CREATE PROPERTY Skill.alternative_labels IF NOT EXISTS LIST OF STRING;
CREATE INDEX skill_name IF NOT EXISTS ON Skill (name) FULL_TEXT;
CREATE INDEX skill_alternative IF NOT EXISTS ON Skill (alternative_labels BY ITEM) FULL_TEXT;
CREATE PROPERTY Role.name IF NOT EXISTS STRING;
CREATE PROPERTY Role.alternative_labels IF NOT EXISTS LIST OF STRING;
CREATE INDEX role_name IF NOT EXISTS ON Role (name) FULL_TEXT;
CREATE INDEX role_alternative IF NOT EXISTS ON Role (alternative_labels BY ITEM) FULL_TEXT;
