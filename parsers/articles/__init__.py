"""From a page or a saved document to its article, or to why it is none.

page ─────▶ tree, metadata, body ─▶ is it an article? ─▶ Article | Rejection   from_page.py
                                    page_type.py
document ─▶ head ─▶ the text without chrome ─▶ is it long enough? ─▶ Article | Rejection
            document_head.py  document_body.py             from_document.py
            a byline or date                               document_meta.py
            what is chrome (data/saved_pages.toml)         document_rules.py
which page of several this is, and the article that they make                  paging.py
                                                                               joined_pages.py
the language of the text                                                       language.py
the agency that it names, and the place of its dateline                        agencies.py
                                                  agency_rules.py (data/agencies.toml)
the outlets that it says its news is from                                      outlets.py
                                                  outlet_rules.py (data/outlets.toml)
"""
