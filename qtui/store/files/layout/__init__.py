"""Layout of MLflow's file store: folders, ids, and the format of meta.yaml."""
