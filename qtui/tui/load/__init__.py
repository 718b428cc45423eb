"""Background loading: generators of messages, which screens run in threads."""
