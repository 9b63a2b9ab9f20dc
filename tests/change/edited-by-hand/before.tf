resource "aws_vpc_endpoint" "logs" {
  vpc_id="vpc-0a1b2c3d"
}
