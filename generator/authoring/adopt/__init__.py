"""From what stands in a VPC to a spec that means exactly that, and the `import {}` blocks for what Terraform shall own.

Estate ──choose──▶ Chosen ──describe──▶ Description ──written──▶ text of the spec ──proof──▶ Module ──imports──▶ HCL

Pure: neither files nor AWS are read here, and nothing is written.
"""
