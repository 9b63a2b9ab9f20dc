provider "aws" {
  ignore_tags {
    keys = local.k
  }
}
