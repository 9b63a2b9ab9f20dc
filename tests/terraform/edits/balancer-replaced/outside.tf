data "aws_vpc" "balancer_replaced" {
  tags = { Name = "balancer-replaced" }
}

data "aws_route_table" "balancer_replaced" {
  tags = { Name = "private" }

  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.balancer_replaced.id]
  }
}

resource "aws_route" "balancer_replaced" {
  route_table_id         = data.aws_route_table.balancer_replaced.id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = module.balancer-replaced.endpoint_ids["firewall"]
}
