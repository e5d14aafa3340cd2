"""The pages: each reads what a link asks for, has it looked up, and says what is shown."""
