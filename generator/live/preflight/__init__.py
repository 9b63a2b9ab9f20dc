"""Whether the apply of a spec's module would work in what AWS has now."""
