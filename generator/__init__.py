"""One declarative YAML spec of AWS VPC endpoints in, one proven Terraform module out."""
