"""The `gen-endpoints` command, and `python -m generator`."""


def main() -> None:
    """Run the command line.

    What it imports and makes lives as long as the process, so the garbage collector would only look at it again and
    again: it stays off, which saves a tenth of a short run.
    """
    import gc

    gc.disable()

    from generator.cli import run

    run()


if __name__ == "__main__":
    main()
