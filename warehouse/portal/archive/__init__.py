"""The archive of answers: attempts become WARC records, and WARC files become attempts."""
