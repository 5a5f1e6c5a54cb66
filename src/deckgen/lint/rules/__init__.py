"""The content rules: what makes a card hard to learn from. One file per rule or small family, found by listing."""
