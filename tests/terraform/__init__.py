"""Real Terraform with the real AWS provider against an emulated AWS."""
