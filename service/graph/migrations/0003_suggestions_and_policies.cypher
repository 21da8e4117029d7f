// Ids and both ends of recorded time of what was said to suggestions, and of fit policies.
CREATE CONSTRAINT suggestion_decision_id IF NOT EXISTS FOR (fact:SuggestionDecision) REQUIRE fact.id IS UNIQUE;
CREATE INDEX suggestion_decision_recorded IF NOT EXISTS FOR (fact:SuggestionDecision) ON (fact.recorded_seq);
CREATE INDEX suggestion_decision_retracted IF NOT EXISTS FOR (fact:SuggestionDecision) ON (fact.retracted_seq);
CREATE CONSTRAINT fit_policy_version_id IF NOT EXISTS FOR (fact:FitPolicyVersion) REQUIRE fact.id IS UNIQUE;
CREATE INDEX fit_policy_version_recorded IF NOT EXISTS FOR (fact:FitPolicyVersion) ON (fact.recorded_seq);
CREATE INDEX fit_policy_version_retracted IF NOT EXISTS FOR (fact:FitPolicyVersion) ON (fact.retracted_seq);
