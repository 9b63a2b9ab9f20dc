"""The tests; each mirrors a module, or proves something of the whole."""
