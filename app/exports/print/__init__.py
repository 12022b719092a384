"""What is printed for the day: name tags, signs, sheets, lists, poster and flyer. Words in, HTML and PDF out.

Nothing here knows support needs, contacts or codes, nor anybody who waits: what is printed lies about openly.
"""
