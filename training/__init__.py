"""Programme planning, learning paths and effect: pure functions, used by the schema. Nothing is planned yet."""
