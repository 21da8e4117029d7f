"""What clients see: types, questions, mutations, and the door they come through."""
