"""A resident says something, follows it with a code of its own, and reads what others said."""
