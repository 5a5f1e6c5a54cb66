"""Content rules: what makes a card hard to learn from, or unsafe to publish.

``api`` says what a rule is, ``run`` applies all rules, and each file of ``rules/`` is one rule. The other modules hold
what several rules share. Rules read what notes state, never how their cards look; what is wrong with a source itself,
such as an unknown key, is reported by the code that reads it.
"""
