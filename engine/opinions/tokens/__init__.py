"""Who may still answer: hashes of unused tokens, one row a batch, in a database apart."""
