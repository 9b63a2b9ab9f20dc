# Adopted by gen-endpoints for x.yaml. After the first apply take it away: `terraform test` takes no imports.

import {
  to = aws_vpc_endpoint.iam
  id = "vpce-0a1b2c3d4e5f60705"
}

import {
  to = aws_vpc_endpoint.logs
  id = "vpce-0a1b2c3d4e5f60703"
}
