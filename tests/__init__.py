import os
from tempfile import TemporaryDirectory

# The suite runs in a worker for each core: threads beside them take more time than they save. Said here because Polars
# asks once, when it is imported; processes that tests start have as many as they have for everybody.
os.environ["POLARS_MAX_THREADS"] = "1"

# Where runs remember when a portal was last asked: not the folder of whoever runs the suite.
STATE = TemporaryDirectory(prefix="press-state-")
os.environ["XDG_STATE_HOME"] = STATE.name
