"""Business acts: what a write must satisfy before it is recorded, and the verbs that record it."""
