"""A team's own templates: what they add to a module, and which of it is refused as it touches what the spec decides."""
