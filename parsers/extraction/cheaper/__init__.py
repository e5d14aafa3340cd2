"""What trafilatura does with a page, made cheaper: the same text comes out.

its searches for elements, in a walk each                searches.py
the paragraphs of justext, its last way                  paragraphs.py
no comparison with what can't win it; all put in place   replace.py
"""
