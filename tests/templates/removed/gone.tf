removed {
  from = aws_vpc_endpoint.logs

  lifecycle {
    destroy = false
  }
}
