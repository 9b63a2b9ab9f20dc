resource "aws_vpc_endpoint" "logs" {
  # not as it was
  vpc_id = "vpc-0a1b2c3d" policy = "x"
}
