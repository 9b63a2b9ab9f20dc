"""The `gen-endpoints` command, and `python -m generator`: what makes a short run short, and nothing else."""


def main() -> None:
    """Run the command line.

    A run ends after a tenth of a second, and four things would take a fifth of that:

    - the garbage collector, which looks again and again at modules that live as long as the process;
    - what pydantic looks for and compiles as it is loaded (see `generator/spec/_pydantic.py`);
    - room for frames, which Python takes and gives back by 16 KiB, a thousand times where calls go back and forth over
      such an edge: here a first frame takes half a MiB, with room for those of all calls;
    - taking the interpreter down, which frees one by one what the system frees at once.
    """
    import gc
    import os
    import signal

    import generator

    signal.signal(signal.SIGINT, _interrupted)
    gc.disable()
    generator.is_command = True

    from generator.cli import run

    run.__code__ = run.__code__.replace(co_stacksize=2**15)
    os._exit(run())


def _interrupted(_number: int, _frame: object) -> None:
    """End at once: an exception could come up inside a library that swallows it. A run that is killed tears no file."""
    import os

    from generator.source.diagnostics import ExitCode

    os.write(2, b"interrupted\n")
    os._exit(ExitCode.INTERRUPTED)


if __name__ == "__main__":
    main()
