locals {
  my_x = <<EOT
a
EOT  
}
resource "aws_vpc_endpoint" "logs" {
  count = 0
}
locals {
  my_y = <<EOT
EOT
}
