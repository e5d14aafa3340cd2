"""From a page or a saved document to its article, or to why it is none.

page ─────▶ tree, metadata, body ─▶ is it an article? ─▶ Article | Rejection   from_page.py
                                    page_type.py
document ─▶ head ─────────▶ body ─▶ Article                                    from_document.py
            document_head.py
its language                        language.py
the agency that its text names      agencies.py
"""
