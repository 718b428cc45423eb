"""MLflow's tables: their columns in every version, creation and migration."""
