resource "aws_vpc_endpoint" "s3" {
  lifecycle {
    ignore_changes = all
  }
}
