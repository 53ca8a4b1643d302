"""Measures what the assistant answers against questions whose answers are known.

`gold` reads the questions, `runner` asks them, `rows` judges each reply with the measures of `text`, `retrieval` and
`citations`; `aggregate` makes means and intervals from the rows alone, and `report`, `html_report` and `compare` show them.
`baseline` and `beir` measure retrieval beside others; `evaluate` puts the parts together, `command` is the command line.
"""
