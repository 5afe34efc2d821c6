"""Techniques that choose the next step: pure functions on tensors, one file each."""
