"""A team's project: which specs there are, where their modules go, and which files beside those are its own."""

FILE = "gen-endpoints.yaml"
OF_VARS = "vars.schema.json"
"""What a folder of templates has, where it says what it takes of `vars`."""
