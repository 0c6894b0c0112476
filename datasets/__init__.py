"""Datasets for those who send or receive them: try a contract on a file, write its pages."""
