resource "aws_vpc_endpoint" "logs" {
  private_dns_enabled = false
}
