data "aws_vpc" "this" {
  default = true
}
