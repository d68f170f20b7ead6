"""Tables, views and answers → files that other tools open, each written as a whole or not at all."""
