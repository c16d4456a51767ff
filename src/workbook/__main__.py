"""`python -m workbook` is the console script `workbook`.

Every forked kernel imports this module again (multiprocessing does so): it imports
nothing until it is called.
"""


def main() -> None:
    """Run the command line."""
    from workbook.cli import app

    app()


if __name__ == "__main__":
    main()
