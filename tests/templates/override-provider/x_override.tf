provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

resource "aws_vpc_endpoint" "s3" {
  provider = aws.far
}
