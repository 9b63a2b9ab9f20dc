"""Where specs, their rendered files and AWS differ, and what to run next."""
