"""A team's project: which specs there are, where their modules go, and which files beside those are its own."""

FILE = "gen-endpoints.yaml"
