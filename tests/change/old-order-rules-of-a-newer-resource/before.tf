resource "aws_security_group" "x" {
  name        = "x"
  description = "Access to VPC endpoints"
  vpc_id      = "vpc-0a1b2c3d"
}

resource "aws_security_group_rule" "x_from_10_0_0_0_8_443" {
  type              = "ingress"
  security_group_id = aws_security_group.x.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/8"]
}

resource "aws_vpc_endpoint" "logs" {
  vpc_id             = "vpc-0a1b2c3d"
  service_name       = "com.amazonaws.eu-west-1.logs"
  vpc_endpoint_type  = "Interface"
  security_group_ids = [aws_security_group.x.id]
}
