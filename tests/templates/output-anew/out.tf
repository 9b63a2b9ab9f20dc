output "endpoint_ids" {
  value = {}
}
