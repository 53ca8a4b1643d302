"""The web chat: the conversation on the left, the articles with the quoted words marked on the right."""

import os

# Gradio reads this when it is imported, so it is set here, before any module of this package can import it: nothing about the
# reader's use leaves the machine, and a start doesn't wait for a server elsewhere.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# Gradio counts events into a table of its own after each of them, which costs more the longer it runs; nobody reads it here.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
