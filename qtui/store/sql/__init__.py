"""MLflow's databases, read natively."""
