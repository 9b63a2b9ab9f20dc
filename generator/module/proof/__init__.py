"""A second way from a spec to its module, and the proof of the first.

What `check` compares, the templates and the module, may agree on what nobody asked for. So `reading` follows the
rendered files back to what a spec speaks of, and `meaning` compares that with what the spec states. Nothing here shares
code with what settles endpoints, references, groups and routes (`intent.endpoints`, `intent.groups`, `intent.bundles`,
`module.resolve` and its helpers): each default stands here again, as plainly as the documents have it.
"""
