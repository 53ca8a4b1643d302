"""Files to articles, articles to chunks."""
