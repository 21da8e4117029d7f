-- As in 0001: numbers that are searched by range are declared before they are indexed.
CREATE VERTEX TYPE SuggestionDecision IF NOT EXISTS;
CREATE PROPERTY SuggestionDecision.recorded_seq IF NOT EXISTS LONG;
CREATE PROPERTY SuggestionDecision.retracted_seq IF NOT EXISTS LONG;
CREATE VERTEX TYPE FitPolicyVersion IF NOT EXISTS;
CREATE PROPERTY FitPolicyVersion.recorded_seq IF NOT EXISTS LONG;
CREATE PROPERTY FitPolicyVersion.retracted_seq IF NOT EXISTS LONG;
