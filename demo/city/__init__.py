"""The invented city: who lives where, what was formed, what was held. Nobody in it is real."""
