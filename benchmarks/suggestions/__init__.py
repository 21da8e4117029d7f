"""How often suggestions from a text are right, and how many they miss, on a fixed sample."""
