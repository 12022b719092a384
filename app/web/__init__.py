"""The thin HTTP floor that the blueprints share."""
