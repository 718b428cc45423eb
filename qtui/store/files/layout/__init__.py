"""Layout of MLflow's file store: folders, IDs, and the format of meta.yaml."""
