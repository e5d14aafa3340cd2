"""The text of an article out of the tree of its page.

HTML ─▶ tree ─▶ as people read it ─▶ blocks               tree.py, readable.py, blocks.py
             └▶ trafilatura ─▶ lines                      extract.py, with cheaper/
                where that finds next to nothing          fallbacks.py
  lines and blocks ─▶ PlacedText                          align.py
    furniture out                                         remove_furniture.py, furniture_rules.py
    lost subheadings and paragraphs in                    lost_blocks.py
    the standfirst in                                     standfirst.py
    lines below which the text goes on                    inside.py
  boilerplate out, as of a document that is text already  boilerplate.py, boilerplate_rules.py
    whole sentences only where the page sets them apart   apart.py
  marks of form in                                        form.py
  ─▶ Body                                                 extract.py
"""
