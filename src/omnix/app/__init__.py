"""Chooses the real parts from one Settings."""
