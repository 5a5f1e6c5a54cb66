"""Make a project from an existing deck. For learners who have that deck, the project's packages are the same deck."""
