"""`python -m idpact`: the command line."""

from idpact.cli import main

if __name__ == "__main__":
    main(prog_name="idpact")
