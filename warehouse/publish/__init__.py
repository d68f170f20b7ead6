"""Publishing: the warehouse file becomes a read-only copy and backups, and a backup becomes a warehouse."""
