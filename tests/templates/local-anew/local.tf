locals {
  mine                   = 1
  route_table_ids_of_subnets = []
}
