"""What screens are built of: each shows one thing and says what was done to it."""
