"""What an exhibit's output is called, and the languages it holds: known without what draws it."""

MIME = "application/vnd.analysis.exhibit+json"
LANGUAGES = ("ja", "en")
