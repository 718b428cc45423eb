"""What the real MlflowClient says of a copy of a store, qtui says of the store."""
