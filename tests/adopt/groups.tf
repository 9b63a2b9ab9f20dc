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

import {
  to = aws_security_group.endpoints
  id = "sg-0a1b2c3d4e5f60701"
}

import {
  to = aws_vpc_security_group_ingress_rule.endpoints_from_vpc_443_ipv4["10.0.0.0/16"]
  id = "sgr-0a1b2c3d4e5f60701"
}

import {
  to = aws_vpc_security_group_ingress_rule.endpoints_from_192_168_0_0_16_443
  id = "sgr-0a1b2c3d4e5f60702"
}

import {
  to = aws_vpc_security_group_ingress_rule.endpoints_from_clients_443
  id = "sgr-0a1b2c3d4e5f60704"
}

import {
  to = aws_vpc_security_group_ingress_rule.endpoints_from_sg_0a1b2c3d4e5f60701_443
  id = "sgr-0a1b2c3d4e5f60705"
}

import {
  to = aws_vpc_security_group_ingress_rule.endpoints_from_office_443
  id = "sgr-0a1b2c3d4e5f60706"
}

import {
  to = aws_vpc_security_group_ingress_rule.endpoints_from_2001_db8_32_1400_udp
  id = "sgr-0a1b2c3d4e5f60703"
}

import {
  to = aws_security_group.more
  id = "sg-0a1b2c3d4e5f60703"
}

import {
  to = aws_vpc_security_group_ingress_rule.more_from_vpc_443_ipv4["10.0.0.0/16"]
  id = "sgr-0a1b2c3d4e5f60708"
}
