"""The way of a batch into the tables.

batch ─▶ a Parquet file in the landing folder     landing.py, schema.py
      ─▶ one transaction, once                    load.py
           articles, and their revisions          articles.py
           copies, and the stories they make      stories.py
           who publishes                          outlets.py
"""
