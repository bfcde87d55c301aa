"""The one web process: feeds and the health check beside the screens."""
