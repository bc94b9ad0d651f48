"""`python -m kemitraan_xl` is the command `kemitraan`."""

from kemitraan_xl.cli import main

if __name__ == "__main__":
    main()
