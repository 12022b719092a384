"""Tests mirror app/; house/ looks at the code itself, journeys/ and browser/ tell whole stories."""
