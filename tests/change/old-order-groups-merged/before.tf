resource "aws_security_group" "x" {
  name        = "x"
  description = "Access to VPC endpoints"
  vpc_id      = "vpc-0a1b2c3d"
}

resource "aws_security_group" "y" {
  name        = "y"
  description = "Access to VPC endpoints"
  vpc_id      = "vpc-0a1b2c3d"
}

resource "aws_vpc_endpoint" "logs" {
  vpc_id             = "vpc-0a1b2c3d"
  service_name       = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type  = "Interface"
  security_group_ids = [aws_security_group.x.id]
}

resource "aws_vpc_endpoint" "sqs" {
  vpc_id             = "vpc-0a1b2c3d"
  service_name       = "com.amazonaws.eu-west-1.sqs"
  vpc_endpoint_type  = "Interface"
  security_group_ids = [aws_security_group.y.id]
}
