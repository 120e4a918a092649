"""Compliance Guardian: are the books and the data in order?"""
