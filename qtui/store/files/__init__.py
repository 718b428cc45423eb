"""MLflow's directory layout, read natively."""
