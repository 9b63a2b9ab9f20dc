moved {
  from = aws_vpc_endpoint.logs
  to   = aws_vpc_endpoint.mine
}
