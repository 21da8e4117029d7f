"""The capability index: the facts as columns, and the reckoning of levels, gaps, fit and candidates on them."""
