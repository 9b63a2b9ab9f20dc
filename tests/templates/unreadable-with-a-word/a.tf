resource "aws_x" "x" {
  # this is main
  a = = this
}
