"""The portal gov.kz: ask it politely, keep what it answered, read the answers."""
