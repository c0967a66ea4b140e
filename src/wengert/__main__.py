"""`python -m wengert` is the command `wengert`."""

from wengert.cli import main

if __name__ == "__main__":
    main()
