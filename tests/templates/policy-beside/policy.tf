locals {
  ours = aws_vpc_endpoint.s3
}

resource "aws_vpc_endpoint_policy" "s3" {
  vpc_endpoint_id = local.ours.id
  policy          = jsonencode({})
}
