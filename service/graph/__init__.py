"""Every line of Cypher, and the door to the engine."""
