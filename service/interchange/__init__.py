"""File formats: what a file says, as the registry's nouns, in an order that can be written.

Parsing is pure: no format knows the engine. A format answers with a Source, which streams batches
of Rows and Problems; a bad row never stops the rest.
"""
