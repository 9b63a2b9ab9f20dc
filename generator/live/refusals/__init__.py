"""What AWS, or a guard of the module, refuses of a spec in AWS: one function a check, for all commands."""
