"""Requests: what to ask becomes an answer, asked politely and taken within limits."""
