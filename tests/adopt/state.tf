# Adopted by gen-endpoints for x.yaml. After the first apply take it away: `terraform test` takes no imports.

moved {
  from = module.network.module.endpoints.aws_vpc_endpoint.this["kms"]
  to   = module.endpoints.aws_vpc_endpoint.kms
}

moved {
  from = aws_vpc_endpoint.logs[0]
  to   = module.endpoints.aws_vpc_endpoint.logs
}

moved {
  from = module.network.module.endpoints.aws_vpc_endpoint.this["sns"]
  to   = module.endpoints.aws_vpc_endpoint.sns
}

import {
  to = module.endpoints.aws_vpc_endpoint.sqs
  id = "vpce-0a1b2c3d4e5f60701"
}

moved {
  from = module.network.module.endpoints.aws_security_group.this[0]
  to   = module.endpoints.aws_security_group.endpoints
}

import {
  to = module.endpoints.aws_vpc_security_group_ingress_rule.endpoints_443_ipv4["10.0.0.0/16"]
  id = "sgr-0a1b2c3d4e5f60701"
}

moved {
  from = aws_vpc_security_group_ingress_rule.office
  to   = module.endpoints.aws_vpc_security_group_ingress_rule.endpoints_from_192_168_0_0_16_443
}

import {
  to = module.endpoints.aws_vpc_security_group_ingress_rule.endpoints_443_security_groups["clients"]
  id = "sgr-0a1b2c3d4e5f60704"
}

import {
  to = module.endpoints.aws_vpc_security_group_ingress_rule.endpoints_443_security_groups["sg-0a1b2c3d4e5f60701"]
  id = "sgr-0a1b2c3d4e5f60705"
}

import {
  to = module.endpoints.aws_vpc_security_group_ingress_rule.endpoints_443_prefix_lists["office"]
  id = "sgr-0a1b2c3d4e5f60706"
}

import {
  to = module.endpoints.aws_vpc_security_group_ingress_rule.endpoints_1400_1499_udp_ipv6["2001:db8::/32"]
  id = "sgr-0a1b2c3d4e5f60703"
}

moved {
  from = module.more.aws_security_group.more
  to   = module.endpoints.aws_security_group.more
}

moved {
  from = module.more.aws_vpc_security_group_ingress_rule.vpc
  to   = module.endpoints.aws_vpc_security_group_ingress_rule.more_from_vpc_443_ipv4["10.0.0.0/16"]
}
