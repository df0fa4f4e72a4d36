"""What the adapters share: what a column holds, conditions over codes, blocks of records, questions over several days.

A column's value is a code for a word (`columns`); conditions of a query are judged on the words of a day by the code
that judges records, and become sets of codes (`compile`). Must not be here: any database.
"""
