"""What a new installation starts from: feeds, topics, and a small made-up press to try it on."""
