"""The site that people and programs see: views, forms, template tags, and settings."""
