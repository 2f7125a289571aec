"""`python -m sim` does what `intermission` does."""

from sim.cli import main

if __name__ == "__main__":
    main()
