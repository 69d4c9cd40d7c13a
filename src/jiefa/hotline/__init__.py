"""The hotline: what people tell of, screened, looked into by a unit above the one complained of, answered; who called is kept secret."""
