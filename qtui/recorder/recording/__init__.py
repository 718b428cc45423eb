"""Recording a run: check values, queue them, write them, and end the run with the process."""
