# Adopted by gen-endpoints for x.yaml. After the first apply take it away: `terraform test` takes no imports.

import {
  to = aws_vpc_endpoint.kms
  id = "vpce-0a1b2c3d4e5f60702"
}

import {
  to = aws_vpc_endpoint.logs
  id = "vpce-0a1b2c3d4e5f60703"
}

import {
  to = aws_vpc_endpoint.sns
  id = "vpce-0a1b2c3d4e5f60704"
}

import {
  to = aws_vpc_endpoint.sqs
  id = "vpce-0a1b2c3d4e5f60701"
}
