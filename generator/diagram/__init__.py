"""A module as a picture: what its blocks say, where that goes on a page, and the page as SVG or Mermaid."""
