"""Whether the endpoints of a spec work, and the script that tries them from within their VPC."""
