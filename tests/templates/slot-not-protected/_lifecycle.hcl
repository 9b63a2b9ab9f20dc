aws_vpc_endpoint {
  prevent_destroy = true
}

aws_vpc_endpoint "logs" {
  prevent_destroy = false
}

aws_security_group {
  prevent_destroy = null
}
