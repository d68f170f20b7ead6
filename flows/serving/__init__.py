"""What keeps the flows running: server, runner, deployments, automations, and runs that were lost."""
