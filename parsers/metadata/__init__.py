"""What a page says about its article, reconciled from every place where it says it."""
