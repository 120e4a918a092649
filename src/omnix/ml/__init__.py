"""The life of a model: measured, compared, kept, promoted, rolled back.

It knows nothing of shops, tables or the lake. Importing it imports no library that trains.
"""
