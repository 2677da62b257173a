"""`make bench`: print every figure."""

from rich.console import Console
from rich.table import Table

from tests.bench import discovery, hanging, model, suite, tokens


def main() -> None:
    """Measure one after the other."""
    console = Console(width=120)
    table = Table("figure", "measured", box=None, header_style="bold", pad_edge=False)
    for part in (discovery, hanging, tokens, suite, model):
        console.print(f"measuring {part.__name__.rpartition('.')[2]} …", style="dim")
        for name, value in part.figures():
            table.add_row(name, value)
    console.print(table)


if __name__ == "__main__":
    main()
