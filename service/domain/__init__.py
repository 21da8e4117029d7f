"""The nouns as plain keyword-only dataclasses: what each is, its fields and their limits.

A field is written here and nowhere else: rows of the graph, columns of the CSV set, GraphQL types
and inputs are all read off these classes. Dates are days; intervals are half-open: from the first
day that counts to the first day that no longer does.
"""
