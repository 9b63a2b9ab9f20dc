resource "aws_security_group" "band_up_endpoints" {
  ingress = [{ protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"] }]

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_vpc_security_group_ingress_rule" "band_up_endpoints_443_ipv4" {
  for_each = {}
}

data "aws_vpc" "this" {
  default = true
}

output "endpoint_ids" {
  value = {}
}

locals {
  route_table_ids_of_subnets = []
}
