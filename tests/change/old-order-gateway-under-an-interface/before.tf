resource "aws_vpc_endpoint" "s3" {
  vpc_id            = "vpc-0a1b2c3d"
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway"
}

resource "aws_vpc_endpoint" "s3i" {
  vpc_id             = "vpc-0a1b2c3d"
  service_name       = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type  = "Interface"
  security_group_ids = ["sg-0a1b2c3d"]
  depends_on         = [aws_vpc_endpoint.s3]
}
