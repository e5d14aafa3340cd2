"""What the pages of the desk show, as records: one module a page, over a connection that somebody
else opened on what people read.

connection ─▶ stories.py  story.py  article.py  topic.py  sources.py ─▶ records ─▶ flows.web
                 (each with its .sql)

Every query is bounded: in rows by LIMIT, in time by whoever opened the connection.
"""
