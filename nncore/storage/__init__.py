"""Files: written atomically, read without trusting what they claim."""
