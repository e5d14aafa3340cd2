"""What a page says about its article, reconciled from every place where it says it.

tree ─▶ all that the markup states        facts.py
  ─▶ what its readers see around it       surroundings.py
  ─▶ one answer for each field            reconcile.py
       the title                          titles.py
       who wrote it                       authors.py, from bylines.py,
                                          byline_roles.py and names.py, and from
                                          introductions.py
       when it was published and changed  times.py, from stated_times.py and
                                          visible_dates.py
       whether anyone may read it         access.py
       what a home page says of its site  site_name.py
  ─▶ the address that is its identity     address.py
"""
