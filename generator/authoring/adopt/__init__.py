"""From the endpoints of a VPC to a spec that means exactly them, and the `import {}` blocks for Terraform.

Estate ──choose──▶ Selection ──describe──▶ Descriptions ──compose_spec──▶ text ──prove──▶ Intent ──import_blocks──▶ HCL

Pure: neither files nor AWS are read here, and nothing is written.
"""
