"""What a scenario is: missions, resources, crises, agreements, options."""
