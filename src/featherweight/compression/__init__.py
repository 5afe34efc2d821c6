"""Techniques that make a trained network smaller: pure functions on tensors, one file each."""
