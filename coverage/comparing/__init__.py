"""Areas, days and indicators held against each other; persons never."""
