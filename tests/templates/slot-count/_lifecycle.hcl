aws_vpc_endpoint "logs" {
  count    = 0
  for_each = {}
  provider = aws.far
  create_before_destroy = true
}

aws_vpc_endpoint "lgs" {
  prevent_destroy = true
}

aws_subnet {
}

aws_security_group {
  action_trigger {
    events = []
  }
}
