"""What was said: a sealed pool while answers come in, shuffled rows once they do not."""
