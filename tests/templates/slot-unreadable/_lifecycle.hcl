aws_vpc_endpoint {
