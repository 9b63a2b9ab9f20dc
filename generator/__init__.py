"""One declarative YAML spec of AWS VPC endpoints in, one proven Terraform module out."""

__version__ = "0.1.0"
"""The version of the tool, and of the distribution; written here alone."""

is_command = False
"""Whether the process is the tool's own, so that what makes a run short disturbs nobody."""
