"""The command line `press`: arguments become runs and answers."""
