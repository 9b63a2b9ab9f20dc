"""Two rendered states of one module, and what Terraform would do to get from that on disk to that rendered now."""
