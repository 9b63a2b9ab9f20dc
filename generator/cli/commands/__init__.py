"""The commands, one a module of its name, COMMAND_SUB for a command of a command; a file here is enough."""
