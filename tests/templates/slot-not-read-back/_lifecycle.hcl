aws_vpc_endpoint {
  postcondition {
    condition     = self.id != ""
    error_message = "Not there: ${join(", ", ["a"])}."
  }
  postcondition {
    condition     = self.id != ""
    error_message = "${self.tags["a"]}"
  }
  postcondition {
    condition     = self.id != ""
    error_message = "%{ if true ~}x%{ endif }"
  }
}

aws_security_group {
  postcondition {
    condition     = self.id != "" # why
    error_message = "\u00e9"
  }
  postcondition {
    condition = ( # why
      self.id != ""
    )
    error_message = <<-EOT
      Not there.
    EOT
  }
  postcondition {
    condition     = { for a in [1] : a => a }[1] == 1
    error_message = "caf\u0065 ${each.key}"
  }
  replace_triggered_by = [aws_kms_key.ours   [  "a" ]]
}
