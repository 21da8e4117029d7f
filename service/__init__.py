"""The skills and capability registry.

`app` and `cli` are the front doors; `schema` is what GraphQL clients see; `capability` reckons
levels, gaps, fit, availability and capacity from an in-memory index; `graph` holds every line of
Cypher and the door to the engine; `interchange` brings files in and out; `domain` says what the
nouns are; `errors` and `settings` serve them all. Imports go down that list, never up.
"""

__version__ = "0.1.0"
