# Adopted by gen-endpoints for x.yaml. After the first apply take it away: `terraform test` takes no imports.

import {
  to = aws_vpc_endpoint.logs
  id = "vpce-0a1b2c3d4e5f6070b"
}

import {
  to = aws_vpc_endpoint.partner
  id = "vpce-0a1b2c3d4e5f60707"
}

import {
  to = aws_vpc_endpoint.sagemaker_studio
  id = "vpce-0a1b2c3d4e5f6070e"
}

import {
  to = aws_vpc_endpoint.sqs
  id = "vpce-0a1b2c3d4e5f60703"
}

import {
  to = aws_vpc_endpoint.vpce_svc_0a1b2c3d4e5f60719
  id = "vpce-0a1b2c3d4e5f60708"
}

import {
  to = aws_vpc_endpoint.database
  id = "vpce-0a1b2c3d4e5f60709"
}

import {
  to = aws_vpc_endpoint.sn_0a1b2c3d4e5f60718
  id = "vpce-0a1b2c3d4e5f6070a"
}
