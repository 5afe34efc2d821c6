"""Data, networks, training, measuring, statistics, figures and the ledger: what every lesson works with."""
