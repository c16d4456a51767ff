"""What all tests share: hypothesis without a deadline, because two cores under load are no measure of a function."""

from hypothesis import settings

settings.register_profile("house", settings(), deadline=None)   # the parent keeps what hypothesis chooses itself under CI
settings.load_profile("house")
