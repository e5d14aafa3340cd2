"""The text of an article out of the tree of its page.

HTML ─▶ tree ─▶ trafilatura ─▶ lines                      tree.py, extract.py
                where that finds next to nothing          fallbacks.py
  where each line stood in the page                       blocks.py, align.py
  furniture out                                           remove_furniture.py, furniture_rules.py
  lost subheadings and paragraphs in                      restore_blocks.py
  the standfirst                                          standfirst.py
  boilerplate out, of pages and of plain text             boilerplate.py, boilerplate_rules.py
"""
