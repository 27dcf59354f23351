"""``python -m groundstation``."""

from groundstation.cli import main

if __name__ == "__main__":
    main()
