"""Files made from what stands in the database: (bytes, file name, media type) and nothing else."""
