"""The manual of the language: pages about every kind, key, file and rule, and JSON Schemas, all from declarations."""
