"""What learners have, and what changes for them: the lock, its history in git, and the times and card numbers in both.

Nothing here compiles a source or writes a package.
"""
