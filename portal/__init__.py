"""The site: what people and programs see. Views, forms, templates' facts, settings."""
