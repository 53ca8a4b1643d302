"""The web chat: `python app.py`, then open the address that it prints."""

from assistant.web.server import main

if __name__ == "__main__":
    raise SystemExit(main())
