"""One module per chapter; none imports another, each receives earlier chapters' tables as arguments."""
