"""Who reads what is sealed, and on whose word: the door, break-glass, exports, retention."""
