provider "aws" {
  dynamic "ignore_tags" {
    for_each = [1]
    content {
      keys = ["Name"]
    }
  }
}
