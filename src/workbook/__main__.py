"""`python -m workbook` is the console script `workbook`.

Every kernel that is forked looks at this module once more (multiprocessing does so): it imports
nothing until it is called.
"""


def main() -> None:
    """Run the command line."""
    from workbook.cli import app

    app()


if __name__ == "__main__":
    main()
