"""The search for passes: what may come near, when exactly it rises and sets, and nothing missed."""
