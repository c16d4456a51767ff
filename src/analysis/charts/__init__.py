"""One module per chapter, one ``plot_`` function per exhibit; none knows a language, a file or a
notebook.
"""
