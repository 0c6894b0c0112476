"""Send files through the local cloud, and account for every row in both regions."""
