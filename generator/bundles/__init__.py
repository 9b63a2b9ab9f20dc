"""Sets of endpoints that people need together, each with its reason and source, in versions that never change.

`shipped` reads data/bundles.yaml into Bundles; `brought` says what those that a spec asks for bring to it; `shown`
says what `gen-endpoints bundles` prints.
"""
